-- Who is due is told without reading bodies, however many wait.
DROP INDEX deliveries_pending;
CREATE INDEX deliveries_pending ON deliveries (surface, id, next_attempt_at, put_off_at) WHERE state = 'pending';
