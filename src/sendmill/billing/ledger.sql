-- Money. An entry of the ledger moves the balance and, if it names one, a package; nothing else can.

CREATE FUNCTION post_ledger_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO balance (account_id, amount, held) VALUES (NEW.account_id, 0, 0) ON CONFLICT DO NOTHING;
    UPDATE balance SET amount = amount + NEW.amount, held = held + NEW.held
    WHERE account_id = NEW.account_id
    RETURNING amount, held INTO NEW.amount_after, NEW.held_after;
    -- Only a report that comes after the reservation was released may overdraw: what was sent is sent.
    IF NEW.held - NEW.amount > 0 AND NEW.kind <> 'correction' AND NEW.amount_after < NEW.held_after THEN
        RAISE EXCEPTION 'the balance does not suffice'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'balance_suffices', TABLE = 'balance';
    END IF;
    IF NEW.package_id IS NOT NULL THEN
        UPDATE package SET remaining = remaining + NEW.parts, held = held + NEW.parts_held
        WHERE id = NEW.package_id AND account_id = NEW.account_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'the package is of another account';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER ledger_entry_post BEFORE INSERT ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION post_ledger_entry();

CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change();

-- At depth 0 a statement comes from outside, not from an entry.
CREATE FUNCTION refuse_money_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'only an entry of the ledger moves money';
END $$;
CREATE TRIGGER balance_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON balance
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_money_change();
CREATE TRIGGER package_by_ledger BEFORE DELETE OR UPDATE OF remaining, held, account_id ON package
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_money_change();
CREATE TRIGGER package_empty BEFORE INSERT ON package
    FOR EACH ROW WHEN (NEW.remaining <> 0 OR NEW.held <> 0) EXECUTE FUNCTION refuse_money_change();

ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind CHECK (CASE kind
    WHEN 'top_up' THEN amount > 0 AND held = 0 AND package_id IS NULL
    WHEN 'withdrawal' THEN amount < 0 AND held = 0 AND package_id IS NULL
    WHEN 'package' THEN amount = 0 AND held = 0 AND parts > 0 AND parts_held = 0 AND package_id IS NOT NULL
    WHEN 'expiry' THEN amount = 0 AND held = 0 AND parts < 0 AND parts_held = 0 AND package_id IS NOT NULL
    WHEN 'reservation' THEN amount = 0 AND held >= 0 AND parts = 0 AND parts_held >= 0
    WHEN 'release' THEN amount = 0 AND held <= 0 AND parts = 0 AND parts_held <= 0
    WHEN 'charge' THEN amount = held AND parts = parts_held
    WHEN 'correction' THEN amount <= 0 AND held = 0 AND parts <= 0 AND parts_held = 0
    ELSE false END
    AND (package_id IS NOT NULL OR (parts = 0 AND parts_held = 0))
    AND (task_id IS NULL) = (step IS NULL)
    AND (task_id IS NOT NULL) = (kind IN ('reservation', 'release', 'charge', 'correction')));

-- Amounts of two currencies cannot be added up.
CREATE FUNCTION refuse_currency_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entry WHERE account_id = NEW.id) THEN
        RAISE EXCEPTION 'an account that has moved money keeps its currency'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_currency', TABLE = 'account';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER account_currency BEFORE UPDATE OF currency ON account
    FOR EACH ROW WHEN (NEW.currency <> OLD.currency) EXECUTE FUNCTION refuse_currency_change();
