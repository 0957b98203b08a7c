"""What every act writes: events, anchors, outbox, case keys, idempotency keys."""
