-- When a delivery was put off. By a clock that was set back since, it is due.
ALTER TABLE deliveries ADD COLUMN put_off_at BIGINT NOT NULL DEFAULT 0;
