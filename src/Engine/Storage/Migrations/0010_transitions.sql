-- Which state may follow which, for all that has states. Writing another is refused, and with it the whole write it belongs to.

CREATE TRIGGER deliveries_transition BEFORE UPDATE OF state ON deliveries WHEN NOT CASE OLD.state
    WHEN 'pending' THEN NEW.state IN ('pending', 'done', 'parked')
    WHEN 'parked'  THEN NEW.state IN ('pending', 'done')
    WHEN 'done'    THEN NEW.state IN ('done')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a delivery.'); END;

CREATE TRIGGER prompts_transition BEFORE UPDATE OF state ON prompts WHEN NOT CASE OLD.state
    WHEN 'Queued'  THEN NEW.state IN ('Running', 'Cancelled', 'Failed')
    WHEN 'Running' THEN NEW.state IN ('Completed', 'Cancelled', 'Failed')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a prompt.'); END;

CREATE TRIGGER permission_requests_transition BEFORE UPDATE OF state ON permission_requests WHEN NOT CASE OLD.state
    WHEN 'pending' THEN NEW.state IN ('allowed', 'denied')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a permission request.'); END;

CREATE TRIGGER sandboxes_transition BEFORE UPDATE OF state ON sandboxes WHEN NOT CASE OLD.state
    WHEN 'live'    THEN NEW.state IN ('stopped')
    WHEN 'stopped' THEN NEW.state IN ('stopped')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a sandbox.'); END;

CREATE TRIGGER trees_transition BEFORE UPDATE OF state ON trees WHEN NOT CASE OLD.state
    WHEN 'building' THEN NEW.state IN ('ready', 'failed')
    ELSE FALSE
    END
BEGIN SELECT RAISE(ABORT, 'No such transition of a prepared tree.'); END;
