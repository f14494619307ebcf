-- Senders and workers listen for these instead of asking several times a second. A task tells when it may have
-- something to send, and when it waits to be started; a carrier tells whatever changes of it.
CREATE FUNCTION sendmill_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('sendmill', TG_ARGV[0]);
    RETURN NULL;
END $$;
CREATE TRIGGER task_tells AFTER INSERT OR UPDATE OF status, paused, import_state, sent_at, opens_at, closes_at ON task
    FOR EACH ROW WHEN (NEW.status = 'executing' AND NOT NEW.paused AND NEW.import_state = 'imported'
                       AND NEW.sent_at IS NULL)
    EXECUTE FUNCTION sendmill_tell('task');
CREATE TRIGGER pending_tells AFTER INSERT OR UPDATE OF status, scheduled_at ON task
    FOR EACH ROW WHEN (NEW.status = 'pending') EXECUTE FUNCTION sendmill_tell('pending');
CREATE TRIGGER carrier_tells AFTER INSERT OR UPDATE OR DELETE ON carrier
    FOR EACH STATEMENT EXECUTE FUNCTION sendmill_tell('carrier');
