"""What operators see and do: incidents, exceptional acts, jobs, measures, retention."""
