-- trace: the W3C traceparent of the span that goes on with it, so that one request is one trace, also across a restart;
-- null where nobody traced.
ALTER TABLE deliveries ADD COLUMN trace TEXT;
ALTER TABLE prompts ADD COLUMN trace TEXT;
ALTER TABLE notices ADD COLUMN trace TEXT;

-- What durations are measured from. Null in rows from before.
ALTER TABLE prompts ADD COLUMN started_at BIGINT;
ALTER TABLE permission_requests ADD COLUMN asked_at BIGINT;

CREATE INDEX permission_requests_pending ON permission_requests (expires_at) WHERE state = 'pending';
