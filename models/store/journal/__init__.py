"""The journal that every act writes to: events, anchors, outbox, case keys, idempotency keys."""
