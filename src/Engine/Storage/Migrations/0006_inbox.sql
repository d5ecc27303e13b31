-- What people look at in the inbox, and what is removed from it by age.
CREATE INDEX deliveries_parked ON deliveries (id) WHERE state = 'parked';
CREATE INDEX deliveries_received ON deliveries (received_at);

-- Up to when it is known of a surface that nothing it had to deliver was missed.
CREATE TABLE missed_looks (
    surface TEXT PRIMARY KEY,
    until   BIGINT NOT NULL
);
