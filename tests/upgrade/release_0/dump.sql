--
-- PostgreSQL database dump
--

\restrict release

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: procrastinate_job_event_type; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_event_type AS ENUM (
    'deferred',
    'started',
    'deferred_for_retry',
    'failed',
    'succeeded',
    'cancelled',
    'abort_requested',
    'aborted',
    'scheduled',
    'retried'
);


--
-- Name: procrastinate_job_status; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_status AS ENUM (
    'todo',
    'doing',
    'succeeded',
    'failed',
    'cancelled',
    'aborting',
    'aborted'
);


--
-- Name: procrastinate_job_to_defer_v1; Type: TYPE; Schema: public; Owner: -
--

CREATE TYPE public.procrastinate_job_to_defer_v1 AS (
	queue_name character varying,
	task_name character varying,
	priority integer,
	lock text,
	queueing_lock text,
	args jsonb,
	scheduled_at timestamp with time zone
);


--
-- Name: post_ledger_entry(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.post_ledger_entry() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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


--
-- Name: procrastinate_cancel_job_v1(bigint, boolean, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_cancel_job_v1(job_id bigint, abort boolean, delete_job boolean) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status = 'todo'
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        IF abort THEN
            UPDATE procrastinate_jobs
            SET abort_requested = true,
                status = CASE status
                    WHEN 'todo' THEN 'cancelled'::procrastinate_job_status ELSE status
                END
            WHERE id = job_id AND status IN ('todo', 'doing')
            RETURNING id INTO _job_id;
        ELSE
            UPDATE procrastinate_jobs
            SET status = 'cancelled'::procrastinate_job_status
            WHERE id = job_id AND status = 'todo'
            RETURNING id INTO _job_id;
        END IF;
    END IF;
    RETURN _job_id;
END;
$$;


--
-- Name: procrastinate_defer_jobs_v1(public.procrastinate_job_to_defer_v1[]); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_jobs_v1(jobs public.procrastinate_job_to_defer_v1[]) RETURNS bigint[]
    LANGUAGE plpgsql
    AS $$
DECLARE
    job_ids bigint[];
BEGIN
    WITH inserted_jobs AS (
        INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
        SELECT (job).queue_name,
               (job).task_name,
               (job).priority,
               (job).lock,
               (job).queueing_lock,
               (job).args,
               (job).scheduled_at
        FROM unnest(jobs) AS job
        RETURNING id
    )
    SELECT array_agg(id) FROM inserted_jobs INTO job_ids;

    RETURN job_ids;
END;
$$;


--
-- Name: procrastinate_defer_periodic_job_v2(character varying, character varying, character varying, character varying, integer, character varying, bigint, jsonb); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_defer_periodic_job_v2(_queue_name character varying, _lock character varying, _queueing_lock character varying, _task_name character varying, _priority integer, _periodic_id character varying, _defer_timestamp bigint, _args jsonb) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
	_job_id bigint;
	_defer_id bigint;
BEGIN
    INSERT
        INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
        VALUES (_task_name, _periodic_id, _defer_timestamp)
        ON CONFLICT DO NOTHING
        RETURNING id into _defer_id;

    IF _defer_id IS NULL THEN
        RETURN NULL;
    END IF;

    UPDATE procrastinate_periodic_defers
        SET job_id = (
            SELECT COALESCE((
                SELECT unnest(procrastinate_defer_jobs_v1(
                    ARRAY[
                        ROW(
                            _queue_name,
                            _task_name,
                            _priority,
                            _lock,
                            _queueing_lock,
                            _args,
                            NULL::timestamptz
                        )
                    ]::procrastinate_job_to_defer_v1[]
                ))
            ), NULL)
        )
        WHERE id = _defer_id
        RETURNING job_id INTO _job_id;

    DELETE
        FROM procrastinate_periodic_defers
        USING (
            SELECT id
            FROM procrastinate_periodic_defers
            WHERE procrastinate_periodic_defers.task_name = _task_name
            AND procrastinate_periodic_defers.periodic_id = _periodic_id
            AND procrastinate_periodic_defers.defer_timestamp < _defer_timestamp
            ORDER BY id
            FOR UPDATE
        ) to_delete
        WHERE procrastinate_periodic_defers.id = to_delete.id;

    RETURN _job_id;
END;
$$;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: procrastinate_jobs; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_jobs (
    id bigint NOT NULL,
    queue_name character varying(128) NOT NULL,
    task_name character varying(128) NOT NULL,
    lock text,
    args jsonb DEFAULT '{}'::jsonb NOT NULL,
    status public.procrastinate_job_status DEFAULT 'todo'::public.procrastinate_job_status NOT NULL,
    scheduled_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    queueing_lock text,
    priority integer DEFAULT 0 NOT NULL,
    abort_requested boolean DEFAULT false NOT NULL,
    worker_id bigint,
    CONSTRAINT check_not_todo_abort_requested CHECK ((NOT ((status = 'todo'::public.procrastinate_job_status) AND (abort_requested = true))))
);


--
-- Name: procrastinate_fetch_job_v2(character varying[], bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_fetch_job_v2(target_queue_names character varying[], p_worker_id bigint) RETURNS public.procrastinate_jobs
    LANGUAGE plpgsql
    AS $$
DECLARE
	found_jobs procrastinate_jobs;
BEGIN
    WITH candidate AS (
        SELECT jobs.*
            FROM procrastinate_jobs AS jobs
            WHERE
                -- reject the job if its lock has earlier or higher priority jobs
                NOT EXISTS (
                    SELECT 1
                        FROM procrastinate_jobs AS other_jobs
                        WHERE
                            jobs.lock IS NOT NULL
                            AND other_jobs.lock = jobs.lock
                            AND (
                                -- job with same lock is already running
                                other_jobs.status = 'doing'
                                OR
                                -- job with same lock is waiting and has higher priority (or same priority but was queued first)
                                (
                                    other_jobs.status = 'todo'
                                    AND (
                                        other_jobs.priority > jobs.priority
                                        OR (
                                        other_jobs.priority = jobs.priority
                                        AND other_jobs.id < jobs.id
                                        )
                                    )
                                )
                            )
                )
                AND jobs.status = 'todo'
                AND (target_queue_names IS NULL OR jobs.queue_name = ANY( target_queue_names ))
                AND (jobs.scheduled_at IS NULL OR jobs.scheduled_at <= now())
            ORDER BY jobs.priority DESC, jobs.id ASC LIMIT 1
            FOR UPDATE OF jobs SKIP LOCKED
    )
    UPDATE procrastinate_jobs
        SET status = 'doing', worker_id = p_worker_id
        FROM candidate
        WHERE procrastinate_jobs.id = candidate.id
        RETURNING procrastinate_jobs.* INTO found_jobs;

 RETURN found_jobs;
END;
$$;


--
-- Name: procrastinate_finish_job_v1(bigint, public.procrastinate_job_status, boolean); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_finish_job_v1(job_id bigint, end_status public.procrastinate_job_status, delete_job boolean) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
BEGIN
    IF end_status NOT IN ('succeeded', 'failed', 'aborted') THEN
        RAISE 'End status should be either "succeeded", "failed" or "aborted" (job id: %)', job_id;
    END IF;
    IF delete_job THEN
        DELETE FROM procrastinate_jobs
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = end_status,
            abort_requested = false,
            attempts = CASE status
                WHEN 'doing' THEN attempts + 1 ELSE attempts
            END
        WHERE id = job_id AND status IN ('todo', 'doing')
        RETURNING id INTO _job_id;
    END IF;
    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" or "todo" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_notify_queue_abort_job_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_abort_job_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'abort_job_requested', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_notify_queue_job_inserted_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_notify_queue_job_inserted_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
    payload TEXT;
BEGIN
    SELECT json_build_object('type', 'job_inserted', 'job_id', NEW.id)::text INTO payload;
	PERFORM pg_notify('procrastinate_queue_v1#' || NEW.queue_name, payload);
	PERFORM pg_notify('procrastinate_any_queue_v1', payload);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_prune_stalled_workers_v1(double precision); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_prune_stalled_workers_v1(seconds_since_heartbeat double precision) RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    DELETE FROM procrastinate_workers
    WHERE last_heartbeat < NOW() - (seconds_since_heartbeat || 'SECOND')::INTERVAL
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_register_worker_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_register_worker_v1() RETURNS TABLE(worker_id bigint)
    LANGUAGE plpgsql
    AS $$
BEGIN
    RETURN QUERY
    INSERT INTO procrastinate_workers DEFAULT VALUES
    RETURNING procrastinate_workers.id;
END;
$$;


--
-- Name: procrastinate_retry_job_v1(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v1(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
BEGIN
    SELECT abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status = 'doing'
    FOR UPDATE
    INTO _abort_requested;
    IF _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or not in "doing" status (job id: %)', job_id;
    END IF;
END;
$$;


--
-- Name: procrastinate_retry_job_v2(bigint, timestamp with time zone, integer, character varying, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_retry_job_v2(job_id bigint, retry_at timestamp with time zone, new_priority integer, new_queue_name character varying, new_lock character varying) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
    _job_id bigint;
    _abort_requested boolean;
    _current_status procrastinate_job_status;
BEGIN
    SELECT status, abort_requested FROM procrastinate_jobs
    WHERE id = job_id AND status IN ('doing', 'failed')
    FOR UPDATE
    INTO _current_status, _abort_requested;
    IF _current_status = 'doing' AND _abort_requested THEN
        UPDATE procrastinate_jobs
        SET status = 'failed'::procrastinate_job_status
        WHERE id = job_id AND status = 'doing'
        RETURNING id INTO _job_id;
    ELSE
        UPDATE procrastinate_jobs
        SET status = 'todo'::procrastinate_job_status,
            attempts = attempts + 1,
            scheduled_at = retry_at,
            priority = COALESCE(new_priority, priority),
            queue_name = COALESCE(new_queue_name, queue_name),
            lock = COALESCE(new_lock, lock)
        WHERE id = job_id AND status IN ('doing', 'failed')
        RETURNING id INTO _job_id;
    END IF;

    IF _job_id IS NULL THEN
        RAISE 'Job was not found or has an invalid status to retry (job id: %)', job_id;
    END IF;

END;
$$;


--
-- Name: procrastinate_trigger_abort_requested_events_procedure_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'abort_requested'::procrastinate_job_event_type);
    RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_scheduled_events_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type, at)
        VALUES (NEW.id, 'scheduled'::procrastinate_job_event_type, NEW.scheduled_at);

	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_insert_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    INSERT INTO procrastinate_events(job_id, type)
        VALUES (NEW.id, 'deferred'::procrastinate_job_event_type);
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_trigger_function_status_events_update_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_trigger_function_status_events_update_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    WITH t AS (
        SELECT CASE
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND NEW.status = 'doing'::procrastinate_job_status
                THEN 'started'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'deferred_for_retry'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'failed'::procrastinate_job_status
                THEN 'failed'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'succeeded'::procrastinate_job_status
                THEN 'succeeded'::procrastinate_job_event_type
            WHEN OLD.status = 'todo'::procrastinate_job_status
                AND (
                    NEW.status = 'cancelled'::procrastinate_job_status
                    OR NEW.status = 'failed'::procrastinate_job_status
                    OR NEW.status = 'succeeded'::procrastinate_job_status
                )
                THEN 'cancelled'::procrastinate_job_event_type
            WHEN OLD.status = 'doing'::procrastinate_job_status
                AND NEW.status = 'aborted'::procrastinate_job_status
                THEN 'aborted'::procrastinate_job_event_type
            WHEN OLD.status = 'failed'::procrastinate_job_status
                AND NEW.status = 'todo'::procrastinate_job_status
                THEN 'retried'::procrastinate_job_event_type
            ELSE NULL
        END as event_type
    )
    INSERT INTO procrastinate_events(job_id, type)
        SELECT NEW.id, t.event_type
        FROM t
        WHERE t.event_type IS NOT NULL;
	RETURN NEW;
END;
$$;


--
-- Name: procrastinate_unlink_periodic_defers_v1(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unlink_periodic_defers_v1() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_periodic_defers
    SET job_id = NULL
    WHERE job_id = OLD.id;
    RETURN OLD;
END;
$$;


--
-- Name: procrastinate_unregister_worker_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_unregister_worker_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    DELETE FROM procrastinate_workers
    WHERE id = worker_id;
END;
$$;


--
-- Name: procrastinate_update_heartbeat_v1(bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.procrastinate_update_heartbeat_v1(worker_id bigint) RETURNS void
    LANGUAGE plpgsql
    AS $$
BEGIN
    UPDATE procrastinate_workers
    SET last_heartbeat = NOW()
    WHERE id = worker_id;
END;
$$;


--
-- Name: refuse_audit_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_audit_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only';
END $$;


--
-- Name: refuse_currency_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_currency_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_entry WHERE account_id = NEW.id) THEN
        RAISE EXCEPTION 'an account that has moved money keeps its currency'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'account_currency', TABLE = 'account';
    END IF;
    RETURN NEW;
END $$;


--
-- Name: refuse_ledger_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_ledger_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only';
END $$;


--
-- Name: refuse_money_change(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.refuse_money_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    RAISE EXCEPTION 'only an entry of the ledger moves money';
END $$;


--
-- Name: sendmill_tell(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.sendmill_tell() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
    PERFORM pg_notify('sendmill', TG_ARGV[0]);
    RETURN NULL;
END $$;


--
-- Name: account; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.account (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    time_zone character varying(64) NOT NULL,
    currency character varying(3) NOT NULL,
    four_eyes boolean NOT NULL,
    created_at timestamp with time zone NOT NULL
);


--
-- Name: account_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.account ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: alarm; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.alarm (
    id bigint NOT NULL,
    code character varying(32) NOT NULL,
    message text NOT NULL,
    parameters jsonb NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    account_id bigint NOT NULL,
    task_id bigint
);


--
-- Name: alarm_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.alarm ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.alarm_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: application; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.application (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    type character varying(13) NOT NULL,
    add_86 boolean NOT NULL,
    delete_unusual boolean NOT NULL,
    allow_landlines boolean NOT NULL,
    sender_id character varying(20) NOT NULL,
    app_key character varying(32) NOT NULL,
    app_secret_hash character varying(128) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    carrier_id bigint
);


--
-- Name: application_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.application ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.application_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: audit_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    address inet,
    action character varying(32) NOT NULL,
    object_type character varying(32) NOT NULL,
    object_id bigint,
    object_name character varying(128) NOT NULL,
    before jsonb,
    after jsonb,
    account_id bigint,
    member_id bigint
);


--
-- Name: audit_entry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.audit_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);


--
-- Name: auth_group_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_group_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_permission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accessattempt; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.axes_accessattempt (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    get_data text NOT NULL,
    post_data text NOT NULL,
    failures_since_start integer NOT NULL,
    CONSTRAINT axes_accessattempt_failures_since_start_check CHECK ((failures_since_start >= 0))
);


--
-- Name: axes_accessattempt_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.axes_accessattempt ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessattempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accessattemptexpiration; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.axes_accessattemptexpiration (
    access_attempt_id integer NOT NULL,
    expires_at timestamp with time zone NOT NULL
);


--
-- Name: axes_accessfailurelog; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.axes_accessfailurelog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    locked_out boolean NOT NULL
);


--
-- Name: axes_accessfailurelog_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.axes_accessfailurelog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accessfailurelog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: axes_accesslog; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.axes_accesslog (
    id integer NOT NULL,
    user_agent character varying(255) NOT NULL,
    ip_address inet,
    username character varying(255),
    http_accept character varying(1025) NOT NULL,
    path_info character varying(255) NOT NULL,
    attempt_time timestamp with time zone NOT NULL,
    logout_time timestamp with time zone,
    session_hash character varying(64) NOT NULL
);


--
-- Name: axes_accesslog_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.axes_accesslog ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.axes_accesslog_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: balance; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.balance (
    account_id bigint NOT NULL,
    amount numeric(20,6) NOT NULL,
    held numeric(20,6) NOT NULL,
    CONSTRAINT balance_held CHECK ((held >= (0)::numeric))
);


--
-- Name: bind_fault; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.bind_fault (
    carrier_id bigint NOT NULL,
    slot smallint NOT NULL,
    times integer DEFAULT 1 NOT NULL,
    error text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: bind_state; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.bind_state (
    carrier_id bigint NOT NULL,
    slot smallint NOT NULL,
    owner integer NOT NULL,
    state text NOT NULL,
    sentence text DEFAULT ''::text NOT NULL,
    said jsonb DEFAULT '[]'::jsonb NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: budget; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.budget (
    id bigint NOT NULL,
    scope character varying(5) NOT NULL,
    alarm numeric(20,6),
    stop numeric(20,6),
    account_id bigint NOT NULL
);


--
-- Name: budget_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.budget ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.budget_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: carrier; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.carrier (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    enabled boolean NOT NULL,
    host character varying(255) NOT NULL,
    port integer NOT NULL,
    tls boolean NOT NULL,
    tls_verify boolean NOT NULL,
    system_id character varying(15) NOT NULL,
    password character varying(64) NOT NULL,
    system_type character varying(12) NOT NULL,
    bind character varying(12) NOT NULL,
    binds smallint NOT NULL,
    "window" integer NOT NULL,
    rate integer NOT NULL,
    default_alphabet character varying(8) NOT NULL,
    long_messages character varying(8) NOT NULL,
    source_ton smallint,
    source_npi smallint,
    dest_ton smallint NOT NULL,
    dest_npi smallint NOT NULL,
    id_form character varying(16) NOT NULL,
    default_source character varying(20) NOT NULL,
    draining boolean DEFAULT false NOT NULL,
    queries boolean DEFAULT false NOT NULL,
    match_by_id_alone boolean DEFAULT false NOT NULL,
    service_type character varying(5) DEFAULT ''::character varying NOT NULL,
    validity_minutes integer DEFAULT 0 NOT NULL,
    registered_delivery character varying(8) DEFAULT 'final'::character varying NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT carrier_binds_check CHECK ((binds >= 0)),
    CONSTRAINT carrier_dest_npi_check CHECK ((dest_npi >= 0)),
    CONSTRAINT carrier_dest_ton_check CHECK ((dest_ton >= 0)),
    CONSTRAINT carrier_port_check CHECK ((port >= 0)),
    CONSTRAINT carrier_rate_check CHECK ((rate >= 0)),
    CONSTRAINT carrier_source_npi_check CHECK ((source_npi >= 0)),
    CONSTRAINT carrier_source_ton_check CHECK ((source_ton >= 0)),
    CONSTRAINT carrier_validity_minutes_check CHECK ((validity_minutes >= 0)),
    CONSTRAINT carrier_window_check CHECK (("window" >= 0))
);


--
-- Name: carrier_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.carrier ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.carrier_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: carrier_out; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.carrier_out (
    carrier_id bigint NOT NULL,
    reason text NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: carrier_sample; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.carrier_sample (
    carrier_id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    slot smallint NOT NULL,
    bound boolean NOT NULL,
    span real NOT NULL,
    submitted integer NOT NULL,
    accepted integer NOT NULL,
    refused integer NOT NULL,
    unknown integer NOT NULL,
    throttled integer NOT NULL,
    delivered integer NOT NULL,
    failed integer NOT NULL,
    in_flight integer NOT NULL,
    pace real,
    seconds real[] NOT NULL
);


--
-- Name: charge; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.charge (
    task_id bigint NOT NULL,
    type character varying(12) NOT NULL,
    parts jsonb NOT NULL,
    prices jsonb NOT NULL,
    held numeric(20,6) NOT NULL,
    charged numeric(20,6) NOT NULL,
    charged_parts jsonb NOT NULL,
    released_parts jsonb DEFAULT '{}'::jsonb NOT NULL,
    step integer NOT NULL,
    seen jsonb,
    opened_at timestamp with time zone NOT NULL,
    settled_at timestamp with time zone,
    closed_at timestamp with time zone,
    account_id bigint NOT NULL,
    CONSTRAINT charge_amounts CHECK (((charged >= (0)::numeric) AND (held >= (0)::numeric))),
    CONSTRAINT charge_step_check CHECK ((step >= 0))
);


--
-- Name: chunk; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.chunk (
    task_id bigint NOT NULL,
    n integer NOT NULL,
    lo integer NOT NULL,
    hi integer NOT NULL,
    next_seq integer NOT NULL,
    batch_hi integer,
    state smallint DEFAULT 0 NOT NULL,
    owner integer,
    attempt integer DEFAULT 0 NOT NULL,
    carrier_id bigint,
    carriers bigint[]
)
PARTITION BY RANGE (task_id);


--
-- Name: chunk_p0; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.chunk_p0 (
    task_id bigint CONSTRAINT chunk_task_id_not_null NOT NULL,
    n integer CONSTRAINT chunk_n_not_null NOT NULL,
    lo integer CONSTRAINT chunk_lo_not_null NOT NULL,
    hi integer CONSTRAINT chunk_hi_not_null NOT NULL,
    next_seq integer CONSTRAINT chunk_next_seq_not_null NOT NULL,
    batch_hi integer,
    state smallint DEFAULT 0 CONSTRAINT chunk_state_not_null NOT NULL,
    owner integer,
    attempt integer DEFAULT 0 CONSTRAINT chunk_attempt_not_null NOT NULL,
    carrier_id bigint,
    carriers bigint[]
)
WITH (fillfactor='45', autovacuum_vacuum_threshold='1000', autovacuum_analyze_threshold='200');


--
-- Name: django_content_type; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_migrations; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: django_session; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);


--
-- Name: draft; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.draft (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    scheduled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    key uuid NOT NULL,
    state character varying(9) NOT NULL,
    file_name character varying(255) NOT NULL,
    file character varying(255) NOT NULL,
    file_size bigint NOT NULL,
    accepted_file character varying(255) NOT NULL,
    deleted_file character varying(255) NOT NULL,
    written_file character varying(255) NOT NULL,
    refusal jsonb,
    outcome jsonb,
    account_id bigint NOT NULL,
    application_id bigint NOT NULL,
    created_by_id bigint,
    signature_id bigint,
    template_id bigint NOT NULL,
    task_id bigint
);


--
-- Name: draft_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.draft ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.draft_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: export; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.export (
    id bigint NOT NULL,
    key uuid NOT NULL,
    what character varying(8) NOT NULL,
    kind character varying(4) NOT NULL,
    language character varying(8) NOT NULL,
    state character varying(7) NOT NULL,
    rows integer NOT NULL,
    done integer NOT NULL,
    file character varying(255) NOT NULL,
    file_size bigint NOT NULL,
    refusal jsonb,
    created_at timestamp with time zone NOT NULL,
    ready_at timestamp with time zone,
    account_id bigint NOT NULL,
    created_by_id bigint NOT NULL,
    draft_id bigint,
    task_id bigint,
    CONSTRAINT export_done_check CHECK ((done >= 0)),
    CONSTRAINT export_rows_check CHECK ((rows >= 0))
);


--
-- Name: export_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.export ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.export_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: failure; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.failure (
    task_id bigint NOT NULL,
    seq integer NOT NULL
)
PARTITION BY RANGE (task_id);


--
-- Name: failure_p0; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.failure_p0 (
    task_id bigint CONSTRAINT failure_task_id_not_null NOT NULL,
    seq integer CONSTRAINT failure_seq_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: hold; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.hold (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    kind text NOT NULL,
    message text NOT NULL,
    parameters jsonb DEFAULT '{}'::jsonb NOT NULL,
    missing jsonb DEFAULT '[]'::jsonb NOT NULL,
    last_task_id bigint NOT NULL,
    began_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    released_at timestamp with time zone,
    released_as text,
    released_by text
);


--
-- Name: ledger_entry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.ledger_entry (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    kind character varying(12) NOT NULL,
    amount numeric(20,6) NOT NULL,
    held numeric(20,6) NOT NULL,
    amount_after numeric(20,6) NOT NULL,
    held_after numeric(20,6) NOT NULL,
    parts bigint NOT NULL,
    parts_held bigint NOT NULL,
    task_id bigint,
    step integer,
    note character varying(255) NOT NULL,
    detail jsonb,
    account_id bigint NOT NULL,
    member_id bigint,
    package_id bigint,
    CONSTRAINT ledger_entry_kind CHECK ((
CASE kind
    WHEN 'top_up'::text THEN ((amount > (0)::numeric) AND (held = (0)::numeric) AND (package_id IS NULL))
    WHEN 'withdrawal'::text THEN ((amount < (0)::numeric) AND (held = (0)::numeric) AND (package_id IS NULL))
    WHEN 'package'::text THEN ((amount = (0)::numeric) AND (held = (0)::numeric) AND (parts > 0) AND (parts_held = 0) AND (package_id IS NOT NULL))
    WHEN 'expiry'::text THEN ((amount = (0)::numeric) AND (held = (0)::numeric) AND (parts < 0) AND (parts_held = 0) AND (package_id IS NOT NULL))
    WHEN 'reservation'::text THEN ((amount = (0)::numeric) AND (held >= (0)::numeric) AND (parts = 0) AND (parts_held >= 0))
    WHEN 'release'::text THEN ((amount = (0)::numeric) AND (held <= (0)::numeric) AND (parts = 0) AND (parts_held <= 0))
    WHEN 'charge'::text THEN ((amount = held) AND (parts = parts_held))
    WHEN 'correction'::text THEN ((amount <= (0)::numeric) AND (held = (0)::numeric) AND (parts <= 0) AND (parts_held = 0))
    ELSE false
END AND ((package_id IS NOT NULL) OR ((parts = 0) AND (parts_held = 0))) AND ((task_id IS NULL) = (step IS NULL)) AND ((task_id IS NOT NULL) = ((kind)::text = ANY ((ARRAY['reservation'::character varying, 'release'::character varying, 'charge'::character varying, 'correction'::character varying])::text[]))))),
    CONSTRAINT ledger_entry_step_check CHECK ((step >= 0))
);


--
-- Name: ledger_entry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.ledger_entry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: member; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.member (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL,
    role character varying(8) NOT NULL,
    language character varying(8) NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: member_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.member_groups (
    id bigint NOT NULL,
    member_id bigint NOT NULL,
    group_id integer NOT NULL
);


--
-- Name: member_groups_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.member_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.member_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: member_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.member ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.member_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: member_user_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.member_user_permissions (
    id bigint NOT NULL,
    member_id bigint NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: member_user_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.member_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.member_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: message; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message (
    task_id bigint NOT NULL,
    seq integer NOT NULL,
    number bigint NOT NULL,
    file_row integer NOT NULL,
    parts smallint NOT NULL,
    result smallint DEFAULT 0 NOT NULL,
    delivered smallint DEFAULT 0 NOT NULL,
    submitted_at timestamp with time zone,
    reported_at timestamp with time zone,
    code text,
    variables text[]
)
PARTITION BY RANGE (task_id);


--
-- Name: message_p0; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.message_p0 (
    task_id bigint CONSTRAINT message_task_id_not_null NOT NULL,
    seq integer CONSTRAINT message_seq_not_null NOT NULL,
    number bigint CONSTRAINT message_number_not_null NOT NULL,
    file_row integer CONSTRAINT message_file_row_not_null NOT NULL,
    parts smallint CONSTRAINT message_parts_not_null NOT NULL,
    result smallint DEFAULT 0 CONSTRAINT message_result_not_null NOT NULL,
    delivered smallint DEFAULT 0 CONSTRAINT message_delivered_not_null NOT NULL,
    submitted_at timestamp with time zone,
    reported_at timestamp with time zone,
    code text,
    variables text[]
)
WITH (fillfactor='45', autovacuum_vacuum_scale_factor='0.5', autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.5');


--
-- Name: moved_chunk; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.moved_chunk (
    task_id bigint NOT NULL,
    n integer NOT NULL,
    at timestamp with time zone NOT NULL,
    from_carrier bigint NOT NULL,
    to_carrier bigint NOT NULL,
    begun boolean NOT NULL,
    reason text NOT NULL
);


--
-- Name: orphan; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.orphan (
    id bigint NOT NULL,
    carrier_id bigint NOT NULL,
    kind text NOT NULL,
    message_id text,
    number bigint,
    code text,
    result smallint,
    raw text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    matched_at timestamp with time zone
);


--
-- Name: orphan_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.orphan ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.orphan_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: otp_static_staticdevice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.otp_static_staticdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    user_id bigint NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_static_staticdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0))
);


--
-- Name: otp_static_staticdevice_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.otp_static_staticdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_staticdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: otp_static_statictoken; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.otp_static_statictoken (
    id integer NOT NULL,
    token character varying(16) NOT NULL,
    device_id integer NOT NULL
);


--
-- Name: otp_static_statictoken_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.otp_static_statictoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_statictoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: otp_totp_totpdevice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.otp_totp_totpdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    key character varying(80) NOT NULL,
    step smallint NOT NULL,
    t0 bigint NOT NULL,
    digits smallint NOT NULL,
    tolerance smallint NOT NULL,
    drift smallint NOT NULL,
    last_t bigint NOT NULL,
    user_id bigint NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_totp_totpdevice_digits_check CHECK ((digits >= 0)),
    CONSTRAINT otp_totp_totpdevice_step_check CHECK ((step >= 0)),
    CONSTRAINT otp_totp_totpdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0)),
    CONSTRAINT otp_totp_totpdevice_tolerance_check CHECK ((tolerance >= 0))
);


--
-- Name: otp_totp_totpdevice_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.otp_totp_totpdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_totp_totpdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: package; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.package (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    type character varying(12) NOT NULL,
    region character varying(3) NOT NULL,
    remaining bigint NOT NULL,
    held bigint NOT NULL,
    expires_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    CONSTRAINT package_parts CHECK (((held >= 0) AND (remaining >= held)))
);


--
-- Name: package_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.package ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.package_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: package_use; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.package_use (
    id bigint NOT NULL,
    held bigint NOT NULL,
    used bigint NOT NULL,
    charge_id bigint NOT NULL,
    package_id bigint NOT NULL,
    CONSTRAINT package_use_parts CHECK (((held >= 0) AND (used >= 0)))
);


--
-- Name: package_use_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.package_use ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.package_use_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: part; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part (
    task_id bigint NOT NULL,
    seq integer NOT NULL,
    part smallint NOT NULL,
    result smallint DEFAULT 0 NOT NULL,
    submitted_at timestamp with time zone,
    reported_at timestamp with time zone,
    code text
)
PARTITION BY RANGE (task_id);


--
-- Name: part_p0; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.part_p0 (
    task_id bigint CONSTRAINT part_task_id_not_null NOT NULL,
    seq integer CONSTRAINT part_seq_not_null NOT NULL,
    part smallint CONSTRAINT part_part_not_null NOT NULL,
    result smallint DEFAULT 0 CONSTRAINT part_result_not_null NOT NULL,
    submitted_at timestamp with time zone,
    reported_at timestamp with time zone,
    code text
)
WITH (fillfactor='45', autovacuum_vacuum_scale_factor='0.5', autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.5');


--
-- Name: place; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.place (
    key text NOT NULL,
    machine text NOT NULL,
    folder text NOT NULL,
    server text NOT NULL,
    database text NOT NULL,
    host text NOT NULL,
    noted_by text NOT NULL,
    ran boolean DEFAULT false NOT NULL,
    noted_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: price; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.price (
    id bigint NOT NULL,
    type character varying(12) NOT NULL,
    region character varying(3) NOT NULL,
    price numeric(12,6) NOT NULL,
    valid_from date NOT NULL,
    account_id bigint NOT NULL
);


--
-- Name: price_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.price ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.price_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: procrastinate_events; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_events (
    id bigint NOT NULL,
    job_id bigint NOT NULL,
    type public.procrastinate_job_event_type,
    at timestamp with time zone DEFAULT now()
);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_events_id_seq OWNED BY public.procrastinate_events.id;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_jobs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_jobs_id_seq OWNED BY public.procrastinate_jobs.id;


--
-- Name: procrastinate_periodic_defers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_periodic_defers (
    id bigint NOT NULL,
    task_name character varying(128) NOT NULL,
    defer_timestamp bigint,
    job_id bigint,
    periodic_id character varying(128) DEFAULT ''::character varying NOT NULL
);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.procrastinate_periodic_defers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE OWNED BY; Schema: public; Owner: -
--

ALTER SEQUENCE public.procrastinate_periodic_defers_id_seq OWNED BY public.procrastinate_periodic_defers.id;


--
-- Name: procrastinate_workers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.procrastinate_workers (
    id bigint NOT NULL,
    last_heartbeat timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.procrastinate_workers ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.procrastinate_workers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: recent_send; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.recent_send (
    account_id bigint NOT NULL,
    number bigint NOT NULL,
    task_id bigint NOT NULL,
    type smallint NOT NULL,
    content bigint NOT NULL,
    at timestamp with time zone NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.1', autovacuum_analyze_scale_factor='0.1');


--
-- Name: report; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.report (
    task_id bigint NOT NULL,
    seq integer NOT NULL,
    part smallint NOT NULL,
    digest bigint NOT NULL,
    kind text DEFAULT 'report'::text NOT NULL,
    carrier_id bigint,
    message_id text,
    code text,
    result smallint,
    raw text NOT NULL,
    received_at timestamp with time zone DEFAULT now() NOT NULL
);


--
-- Name: route; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.route (
    id bigint NOT NULL,
    type character varying(13) NOT NULL,
    prefix character varying(15) NOT NULL,
    "position" integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    application_id bigint,
    carrier_id bigint NOT NULL,
    CONSTRAINT route_position_check CHECK (("position" >= 0))
);


--
-- Name: route_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.route ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.route_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sender; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.sender (
    id integer NOT NULL,
    host text NOT NULL,
    pid integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    run uuid,
    place text,
    verified_at timestamp with time zone,
    postmaster timestamp with time zone,
    ended_at timestamp with time zone
);


--
-- Name: sender_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.sender ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.sender_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: signature; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.signature (
    id bigint NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    name character varying(32) NOT NULL,
    type character varying(12) NOT NULL,
    channel_number character varying(20) NOT NULL,
    account_id bigint NOT NULL,
    application_id bigint NOT NULL,
    created_by_id bigint,
    submitted_by_id bigint
);


--
-- Name: signature_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.signature ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.signature_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: stamp; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.stamp (
    run uuid NOT NULL,
    lane integer NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='20', autovacuum_vacuum_threshold='2000');


--
-- Name: store; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.store (
    one boolean DEFAULT true NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT store_one_check CHECK (one)
);


--
-- Name: submission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission (
    id_hash bigint NOT NULL,
    task_id bigint NOT NULL,
    seq integer NOT NULL,
    part smallint NOT NULL,
    carrier_id bigint NOT NULL,
    message_id text NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() NOT NULL
)
PARTITION BY RANGE (submitted_at);


--
-- Name: submission_20261129; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission_20261129 (
    id_hash bigint CONSTRAINT submission_id_hash_not_null NOT NULL,
    task_id bigint CONSTRAINT submission_task_id_not_null NOT NULL,
    seq integer CONSTRAINT submission_seq_not_null NOT NULL,
    part smallint CONSTRAINT submission_part_not_null NOT NULL,
    carrier_id bigint CONSTRAINT submission_carrier_id_not_null NOT NULL,
    message_id text CONSTRAINT submission_message_id_not_null NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() CONSTRAINT submission_submitted_at_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: submission_20261130; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission_20261130 (
    id_hash bigint CONSTRAINT submission_id_hash_not_null NOT NULL,
    task_id bigint CONSTRAINT submission_task_id_not_null NOT NULL,
    seq integer CONSTRAINT submission_seq_not_null NOT NULL,
    part smallint CONSTRAINT submission_part_not_null NOT NULL,
    carrier_id bigint CONSTRAINT submission_carrier_id_not_null NOT NULL,
    message_id text CONSTRAINT submission_message_id_not_null NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() CONSTRAINT submission_submitted_at_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: submission_20261201; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission_20261201 (
    id_hash bigint CONSTRAINT submission_id_hash_not_null NOT NULL,
    task_id bigint CONSTRAINT submission_task_id_not_null NOT NULL,
    seq integer CONSTRAINT submission_seq_not_null NOT NULL,
    part smallint CONSTRAINT submission_part_not_null NOT NULL,
    carrier_id bigint CONSTRAINT submission_carrier_id_not_null NOT NULL,
    message_id text CONSTRAINT submission_message_id_not_null NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() CONSTRAINT submission_submitted_at_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: submission_20261202; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission_20261202 (
    id_hash bigint CONSTRAINT submission_id_hash_not_null NOT NULL,
    task_id bigint CONSTRAINT submission_task_id_not_null NOT NULL,
    seq integer CONSTRAINT submission_seq_not_null NOT NULL,
    part smallint CONSTRAINT submission_part_not_null NOT NULL,
    carrier_id bigint CONSTRAINT submission_carrier_id_not_null NOT NULL,
    message_id text CONSTRAINT submission_message_id_not_null NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() CONSTRAINT submission_submitted_at_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: submission_20261203; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.submission_20261203 (
    id_hash bigint CONSTRAINT submission_id_hash_not_null NOT NULL,
    task_id bigint CONSTRAINT submission_task_id_not_null NOT NULL,
    seq integer CONSTRAINT submission_seq_not_null NOT NULL,
    part smallint CONSTRAINT submission_part_not_null NOT NULL,
    carrier_id bigint CONSTRAINT submission_carrier_id_not_null NOT NULL,
    message_id text CONSTRAINT submission_message_id_not_null NOT NULL,
    submitted_at timestamp with time zone DEFAULT now() CONSTRAINT submission_submitted_at_not_null NOT NULL
)
WITH (autovacuum_vacuum_insert_scale_factor='1.0', autovacuum_analyze_scale_factor='0.2');


--
-- Name: tally; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tally (
    task_id bigint NOT NULL,
    n integer NOT NULL,
    messages integer NOT NULL,
    successful integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    uncertain integer DEFAULT 0 NOT NULL,
    not_sent integer DEFAULT 0 NOT NULL
)
PARTITION BY RANGE (task_id);


--
-- Name: tally_p0; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.tally_p0 (
    task_id bigint CONSTRAINT tally_task_id_not_null NOT NULL,
    n integer CONSTRAINT tally_n_not_null NOT NULL,
    messages integer CONSTRAINT tally_messages_not_null NOT NULL,
    successful integer DEFAULT 0 CONSTRAINT tally_successful_not_null NOT NULL,
    failed integer DEFAULT 0 CONSTRAINT tally_failed_not_null NOT NULL,
    uncertain integer DEFAULT 0 CONSTRAINT tally_uncertain_not_null NOT NULL,
    not_sent integer DEFAULT 0 CONSTRAINT tally_not_sent_not_null NOT NULL
)
WITH (fillfactor='45', autovacuum_vacuum_threshold='1000', autovacuum_analyze_threshold='200');


--
-- Name: task; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.task (
    id bigint NOT NULL,
    name character varying(64) NOT NULL,
    scheduled_at timestamp with time zone,
    created_at timestamp with time zone NOT NULL,
    status character varying(9) NOT NULL,
    reason character varying(255) NOT NULL,
    snapshot jsonb NOT NULL,
    priority smallint NOT NULL,
    reasons jsonb DEFAULT '[]'::jsonb NOT NULL,
    paused boolean NOT NULL,
    ending boolean DEFAULT false NOT NULL,
    routed boolean DEFAULT false NOT NULL,
    cleared_hold uuid,
    opens_at timestamp with time zone,
    closes_at timestamp with time zone,
    import_state character varying(8) NOT NULL,
    started_at timestamp with time zone,
    sent_at timestamp with time zone,
    ended_at timestamp with time zone,
    accepted integer NOT NULL,
    invalid integer NOT NULL,
    duplicate integer NOT NULL,
    unfit integer NOT NULL,
    parts integer NOT NULL,
    successful integer NOT NULL,
    failed integer NOT NULL,
    uncertain integer NOT NULL,
    not_sent integer DEFAULT 0 NOT NULL,
    account_id bigint NOT NULL,
    application_id bigint NOT NULL,
    carrier_id bigint,
    created_by_id bigint,
    signature_id bigint,
    template_id bigint NOT NULL,
    CONSTRAINT task_accepted_check CHECK ((accepted >= 0)),
    CONSTRAINT task_duplicate_check CHECK ((duplicate >= 0)),
    CONSTRAINT task_ending_paused CHECK (((NOT ending) OR paused)),
    CONSTRAINT task_failed_check CHECK ((failed >= 0)),
    CONSTRAINT task_invalid_check CHECK ((invalid >= 0)),
    CONSTRAINT task_not_sent_check CHECK ((not_sent >= 0)),
    CONSTRAINT task_parts_check CHECK ((parts >= 0)),
    CONSTRAINT task_priority_check CHECK ((priority >= 0)),
    CONSTRAINT task_successful_check CHECK ((successful >= 0)),
    CONSTRAINT task_uncertain_check CHECK ((uncertain >= 0)),
    CONSTRAINT task_unfit_check CHECK ((unfit >= 0))
);


--
-- Name: task_fault; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.task_fault (
    task_id bigint NOT NULL,
    carrier_id bigint NOT NULL,
    times smallint DEFAULT 1 NOT NULL,
    error text NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    retry_at timestamp with time zone NOT NULL
);


--
-- Name: task_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.task ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: template; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.template (
    id bigint NOT NULL,
    state character varying(8) NOT NULL,
    reason character varying(255) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    universal boolean NOT NULL,
    name character varying(64) NOT NULL,
    type character varying(12) NOT NULL,
    content text NOT NULL,
    attributes jsonb NOT NULL,
    active boolean NOT NULL,
    account_id bigint NOT NULL,
    application_id bigint NOT NULL,
    created_by_id bigint,
    signature_id bigint,
    submitted_by_id bigint
);


--
-- Name: template_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.template ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: chunk_p0; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.chunk ATTACH PARTITION public.chunk_p0 FOR VALUES FROM ('0') TO ('1000');


--
-- Name: failure_p0; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.failure ATTACH PARTITION public.failure_p0 FOR VALUES FROM ('0') TO ('1000');


--
-- Name: message_p0; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message ATTACH PARTITION public.message_p0 FOR VALUES FROM ('0') TO ('1000');


--
-- Name: part_p0; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part ATTACH PARTITION public.part_p0 FOR VALUES FROM ('0') TO ('1000');


--
-- Name: submission_20261129; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.submission ATTACH PARTITION public.submission_20261129 FOR VALUES FROM ('2026-11-29 00:00:00+00') TO ('2026-11-30 00:00:00+00');


--
-- Name: submission_20261130; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.submission ATTACH PARTITION public.submission_20261130 FOR VALUES FROM ('2026-11-30 00:00:00+00') TO ('2026-12-01 00:00:00+00');


--
-- Name: submission_20261201; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.submission ATTACH PARTITION public.submission_20261201 FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2026-12-02 00:00:00+00');


--
-- Name: submission_20261202; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.submission ATTACH PARTITION public.submission_20261202 FOR VALUES FROM ('2026-12-02 00:00:00+00') TO ('2026-12-03 00:00:00+00');


--
-- Name: submission_20261203; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.submission ATTACH PARTITION public.submission_20261203 FOR VALUES FROM ('2026-12-03 00:00:00+00') TO ('2026-12-04 00:00:00+00');


--
-- Name: tally_p0; Type: TABLE ATTACH; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tally ATTACH PARTITION public.tally_p0 FOR VALUES FROM ('0') TO ('1000');


--
-- Name: procrastinate_events id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_events_id_seq'::regclass);


--
-- Name: procrastinate_jobs id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_jobs_id_seq'::regclass);


--
-- Name: procrastinate_periodic_defers id; Type: DEFAULT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers ALTER COLUMN id SET DEFAULT nextval('public.procrastinate_periodic_defers_id_seq'::regclass);


--
-- Data for Name: account; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.account (id, name, time_zone, currency, four_eyes, created_at) FROM stdin;
1	Demo	UTC	USD	f	2026-11-30 03:33:36.340374+00
\.


--
-- Data for Name: alarm; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.alarm (id, code, message, parameters, raised_at, seen_at, cleared_at, account_id, task_id) FROM stdin;
\.


--
-- Data for Name: application; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.application (id, name, type, add_86, delete_unusual, allow_landlines, sender_id, app_key, app_secret_hash, created_at, account_id, carrier_id) FROM stdin;
1	International Demo	international	f	f	f		375c6bbc3958852a821b1208	sha256$ff5b6d4f2fc68342a37955b91739dc59b60c7b2050258e30b83452d2790d1ecd	2026-11-30 03:33:37.570073+00	1	1
2	Mainland Demo	mainland	t	f	f		6ffd21e902530f7a0205f69e	sha256$d0c8e7046ea0833a23ca2c9d1f19cf9e63ec837e3b37abafc323ce1f3ed267cf	2026-11-30 03:33:37.574036+00	1	1
\.


--
-- Data for Name: audit_entry; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.audit_entry (id, at, address, action, object_type, object_id, object_name, before, after, account_id, member_id) FROM stdin;
1	2026-11-30 03:33:36.341427+00	\N	create	account	1	Demo	\N	\N	1	\N
2	2026-11-30 03:33:36.648383+00	\N	create	member	1	demo	\N	{"role": "admin"}	1	\N
3	2026-11-30 03:33:36.953353+00	\N	create	member	2	demo-sender	\N	{"role": "sender"}	1	\N
4	2026-11-30 03:33:37.250277+00	\N	create	member	3	demo-reviewer	\N	{"role": "reviewer"}	1	\N
5	2026-11-30 03:33:37.5475+00	\N	create	member	4	demo-viewer	\N	{"role": "viewer"}	1	\N
6	2026-11-30 03:33:37.55652+00	\N	top_up	account	1	Demo	\N	{"note": "Play money", "amount": "1000000", "balance": "1000000.000000"}	1	\N
7	2026-11-30 03:33:37.566753+00	\N	create	carrier	1	Simulator	\N	{"tls": false, "bind": "transceiver", "host": "127.0.0.1", "name": "Simulator", "port": 2775, "rate": 0, "binds": 1, "window": 500, "enabled": true, "id_form": "as_is", "queries": false, "dest_npi": 1, "dest_ton": 1, "draining": false, "password": "(hidden)", "system_id": "demo", "source_npi": null, "source_ton": null, "tls_verify": true, "system_type": "", "service_type": "", "long_messages": "udh", "default_source": "Sendmill", "default_alphabet": "gsm7", "validity_minutes": 0, "match_by_id_alone": false, "registered_delivery": "final"}	1	1
8	2026-11-30 03:33:37.571085+00	\N	create	application	1	International Demo	\N	{"name": "International Demo", "type": "international", "add_86": false, "carrier": 1, "sender_id": "", "delete_unusual": false, "allow_landlines": false}	1	1
9	2026-11-30 03:33:37.574658+00	\N	create	application	2	Mainland Demo	\N	{"name": "Mainland Demo", "type": "mainland", "add_86": true, "carrier": 1, "sender_id": "", "delete_unusual": false, "allow_landlines": false}	1	1
10	2026-11-30 03:33:37.579187+00	\N	create	signature	1	示例	\N	{"name": "示例", "type": "verification", "state": "draft", "application": 2}	1	2
11	2026-11-30 03:33:37.583424+00	\N	submit	signature	1	示例	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
12	2026-11-30 03:33:37.587393+00	\N	approve	signature	1	示例	{"state": "pending", "channel_number": ""}	{"state": "approved", "channel_number": "1069000001"}	1	3
13	2026-11-30 03:33:37.590758+00	\N	create	signature	2	示例	\N	{"name": "示例", "type": "notification", "state": "draft", "application": 2}	1	2
14	2026-11-30 03:33:37.594552+00	\N	submit	signature	2	示例	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
15	2026-11-30 03:33:37.598207+00	\N	approve	signature	2	示例	{"state": "pending", "channel_number": ""}	{"state": "approved", "channel_number": "1069000002"}	1	3
16	2026-11-30 03:33:37.601554+00	\N	create	signature	3	示例	\N	{"name": "示例", "type": "promotion", "state": "draft", "application": 2}	1	2
17	2026-11-30 03:33:37.605243+00	\N	submit	signature	3	示例	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
18	2026-11-30 03:33:37.609023+00	\N	approve	signature	3	示例	{"state": "pending", "channel_number": ""}	{"state": "approved", "channel_number": "1069000003"}	1	3
19	2026-11-30 03:33:37.613539+00	\N	create	template	1	Sign-in code	\N	{"name": "Sign-in code", "type": "verification", "state": "draft", "active": false, "content": "Your sign-in code is ${NUM_6}. It is valid for 10 minutes. Never tell it to anyone.", "signature": null, "universal": false, "attributes": {}, "application": 1}	1	2
20	2026-11-30 03:33:37.617851+00	\N	submit	template	1	Sign-in code	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
21	2026-11-30 03:33:37.622062+00	\N	approve	template	1	Sign-in code	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
22	2026-11-30 03:33:37.62555+00	\N	create	template	2	Appointment	\N	{"name": "Appointment", "type": "notification", "state": "draft", "active": false, "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "signature": null, "universal": false, "attributes": {}, "application": 1}	1	2
23	2026-11-30 03:33:37.629676+00	\N	submit	template	2	Appointment	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
24	2026-11-30 03:33:37.633405+00	\N	approve	template	2	Appointment	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
25	2026-11-30 03:33:37.636483+00	\N	create	template	3	Maintenance	\N	{"name": "Maintenance", "type": "notification", "state": "draft", "active": false, "content": "Our service pauses for maintenance on Saturday from 02:00 to 04:00 UTC.", "signature": null, "universal": false, "attributes": {}, "application": 1}	1	2
26	2026-11-30 03:33:37.640314+00	\N	submit	template	3	Maintenance	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
27	2026-11-30 03:33:37.644028+00	\N	approve	template	3	Maintenance	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
28	2026-11-30 03:33:37.647314+00	\N	create	template	4	Spring sale	\N	{"name": "Spring sale", "type": "promotion", "state": "draft", "active": false, "content": "Spring sale: 20% off everything until Sunday. Reply STOP to opt out.", "signature": null, "universal": false, "attributes": {}, "application": 1}	1	2
29	2026-11-30 03:33:37.651189+00	\N	submit	template	4	Spring sale	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
30	2026-11-30 03:33:37.654825+00	\N	approve	template	4	Spring sale	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
31	2026-11-30 03:33:37.657892+00	\N	create	template	5	验证码	\N	{"name": "验证码", "type": "verification", "state": "draft", "active": false, "content": "您的验证码是${1}，10分钟内有效，请勿告诉他人。", "signature": 1, "universal": false, "attributes": {"1": "CHARDIGIT"}, "application": 2}	1	2
32	2026-11-30 03:33:37.663176+00	\N	submit	template	5	验证码	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
33	2026-11-30 03:33:37.667245+00	\N	approve	template	5	验证码	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
34	2026-11-30 03:33:37.67037+00	\N	create	template	6	发货通知	\N	{"name": "发货通知", "type": "notification", "state": "draft", "active": false, "content": "您的订单${1}将于${2}送达，运费${3}元。", "signature": 2, "universal": false, "attributes": {"1": "CHARDIGIT", "2": "DATETIME", "3": "MONEY"}, "application": 2}	1	2
35	2026-11-30 03:33:37.674216+00	\N	submit	template	6	发货通知	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
36	2026-11-30 03:33:37.678394+00	\N	approve	template	6	发货通知	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
37	2026-11-30 03:33:37.681108+00	\N	create	template	7	维护通知	\N	{"name": "维护通知", "type": "notification", "state": "draft", "active": false, "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "signature": 2, "universal": false, "attributes": {}, "application": 2}	1	2
38	2026-11-30 03:33:37.685096+00	\N	submit	template	7	维护通知	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
39	2026-11-30 03:33:37.688065+00	\N	approve	template	7	维护通知	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
40	2026-11-30 03:33:37.690768+00	\N	create	template	8	春季特惠	\N	{"name": "春季特惠", "type": "promotion", "state": "draft", "active": false, "content": "春季特惠，全场八折，本周日截止。拒收请回复R", "signature": 3, "universal": false, "attributes": {}, "application": 2}	1	2
41	2026-11-30 03:33:37.694608+00	\N	submit	template	8	春季特惠	{"state": "draft", "submitted_by": null}	{"state": "pending", "submitted_by": 2}	1	2
42	2026-11-30 03:33:37.697718+00	\N	approve	template	8	春季特惠	{"state": "pending", "active": false}	{"state": "approved", "active": true}	1	3
43	2026-11-30 03:33:37.701583+00	\N	set_price	price	1	verification *	\N	{"type": "verification", "price": "0.0990", "region": "*", "valid_from": "2024-01-01"}	1	1
44	2026-11-30 03:33:37.703682+00	\N	set_price	price	2	verification AU	\N	{"type": "verification", "price": "0.0455", "region": "AU", "valid_from": "2024-01-01"}	1	1
45	2026-11-30 03:33:37.705579+00	\N	set_price	price	3	verification CN	\N	{"type": "verification", "price": "0.0350", "region": "CN", "valid_from": "2024-01-01"}	1	1
46	2026-11-30 03:33:37.707458+00	\N	set_price	price	4	verification DE	\N	{"type": "verification", "price": "0.0825", "region": "DE", "valid_from": "2024-01-01"}	1	1
47	2026-11-30 03:33:37.709458+00	\N	set_price	price	5	verification FR	\N	{"type": "verification", "price": "0.0690", "region": "FR", "valid_from": "2024-01-01"}	1	1
48	2026-11-30 03:33:37.711934+00	\N	set_price	price	6	verification GB	\N	{"type": "verification", "price": "0.0420", "region": "GB", "valid_from": "2024-01-01"}	1	1
49	2026-11-30 03:33:37.714751+00	\N	set_price	price	7	verification HK	\N	{"type": "verification", "price": "0.0560", "region": "HK", "valid_from": "2024-01-01"}	1	1
50	2026-11-30 03:33:37.717302+00	\N	set_price	price	8	verification IN	\N	{"type": "verification", "price": "0.0390", "region": "IN", "valid_from": "2024-01-01"}	1	1
51	2026-11-30 03:33:37.719477+00	\N	set_price	price	9	verification JP	\N	{"type": "verification", "price": "0.0740", "region": "JP", "valid_from": "2024-01-01"}	1	1
52	2026-11-30 03:33:37.721746+00	\N	set_price	price	10	verification SG	\N	{"type": "verification", "price": "0.0410", "region": "SG", "valid_from": "2024-01-01"}	1	1
53	2026-11-30 03:33:37.723831+00	\N	set_price	price	11	verification US	\N	{"type": "verification", "price": "0.0079", "region": "US", "valid_from": "2024-01-01"}	1	1
54	2026-11-30 03:33:37.726519+00	\N	set_price	price	12	notification *	\N	{"type": "notification", "price": "0.0990", "region": "*", "valid_from": "2024-01-01"}	1	1
55	2026-11-30 03:33:37.728375+00	\N	set_price	price	13	notification AU	\N	{"type": "notification", "price": "0.0455", "region": "AU", "valid_from": "2024-01-01"}	1	1
56	2026-11-30 03:33:37.73031+00	\N	set_price	price	14	notification CN	\N	{"type": "notification", "price": "0.0350", "region": "CN", "valid_from": "2024-01-01"}	1	1
57	2026-11-30 03:33:37.732155+00	\N	set_price	price	15	notification DE	\N	{"type": "notification", "price": "0.0825", "region": "DE", "valid_from": "2024-01-01"}	1	1
58	2026-11-30 03:33:37.734304+00	\N	set_price	price	16	notification FR	\N	{"type": "notification", "price": "0.0690", "region": "FR", "valid_from": "2024-01-01"}	1	1
59	2026-11-30 03:33:37.736649+00	\N	set_price	price	17	notification GB	\N	{"type": "notification", "price": "0.0420", "region": "GB", "valid_from": "2024-01-01"}	1	1
60	2026-11-30 03:33:37.739149+00	\N	set_price	price	18	notification HK	\N	{"type": "notification", "price": "0.0560", "region": "HK", "valid_from": "2024-01-01"}	1	1
61	2026-11-30 03:33:37.741145+00	\N	set_price	price	19	notification IN	\N	{"type": "notification", "price": "0.0390", "region": "IN", "valid_from": "2024-01-01"}	1	1
62	2026-11-30 03:33:37.743148+00	\N	set_price	price	20	notification JP	\N	{"type": "notification", "price": "0.0740", "region": "JP", "valid_from": "2024-01-01"}	1	1
63	2026-11-30 03:33:37.74508+00	\N	set_price	price	21	notification SG	\N	{"type": "notification", "price": "0.0410", "region": "SG", "valid_from": "2024-01-01"}	1	1
64	2026-11-30 03:33:37.74696+00	\N	set_price	price	22	notification US	\N	{"type": "notification", "price": "0.0079", "region": "US", "valid_from": "2024-01-01"}	1	1
65	2026-11-30 03:33:37.749915+00	\N	set_price	price	23	promotion *	\N	{"type": "promotion", "price": "0.0990", "region": "*", "valid_from": "2024-01-01"}	1	1
66	2026-11-30 03:33:37.751775+00	\N	set_price	price	24	promotion AU	\N	{"type": "promotion", "price": "0.0455", "region": "AU", "valid_from": "2024-01-01"}	1	1
67	2026-11-30 03:33:37.753924+00	\N	set_price	price	25	promotion CN	\N	{"type": "promotion", "price": "0.0350", "region": "CN", "valid_from": "2024-01-01"}	1	1
68	2026-11-30 03:33:37.756109+00	\N	set_price	price	26	promotion DE	\N	{"type": "promotion", "price": "0.0825", "region": "DE", "valid_from": "2024-01-01"}	1	1
69	2026-11-30 03:33:37.758704+00	\N	set_price	price	27	promotion FR	\N	{"type": "promotion", "price": "0.0690", "region": "FR", "valid_from": "2024-01-01"}	1	1
70	2026-11-30 03:33:37.760922+00	\N	set_price	price	28	promotion GB	\N	{"type": "promotion", "price": "0.0420", "region": "GB", "valid_from": "2024-01-01"}	1	1
71	2026-11-30 03:33:37.762876+00	\N	set_price	price	29	promotion HK	\N	{"type": "promotion", "price": "0.0560", "region": "HK", "valid_from": "2024-01-01"}	1	1
72	2026-11-30 03:33:37.765493+00	\N	set_price	price	30	promotion IN	\N	{"type": "promotion", "price": "0.0390", "region": "IN", "valid_from": "2024-01-01"}	1	1
73	2026-11-30 03:33:37.76759+00	\N	set_price	price	31	promotion JP	\N	{"type": "promotion", "price": "0.0740", "region": "JP", "valid_from": "2024-01-01"}	1	1
74	2026-11-30 03:33:37.769714+00	\N	set_price	price	32	promotion SG	\N	{"type": "promotion", "price": "0.0410", "region": "SG", "valid_from": "2024-01-01"}	1	1
75	2026-11-30 03:33:37.771736+00	\N	set_price	price	33	promotion US	\N	{"type": "promotion", "price": "0.0079", "region": "US", "valid_from": "2024-01-01"}	1	1
76	2026-11-30 03:33:41.535553+00	\N	create_task	task	1	InternationalSample	\N	{"name": "InternationalSample", "accepted": 180, "scheduled_at": null}	1	1
77	2026-11-30 03:33:47.705366+00	\N	create_task	task	2	InternationalSample	\N	{"name": "InternationalSample", "accepted": 180, "scheduled_at": "2026-12-20T12:00:00Z"}	1	1
78	2026-11-30 03:33:49.135843+00	\N	create_task	task	3	InternationalSample	\N	{"name": "InternationalSample", "accepted": 180, "scheduled_at": "2026-12-20T12:00:00Z"}	1	1
79	2026-11-30 03:33:50.078736+00	\N	cancel_task	task	3	InternationalSample	\N	{"status": "canceled"}	1	1
80	2026-11-30 03:33:54.351761+00	\N	create_task	task	4	MainlandSample	\N	{"name": "MainlandSample", "accepted": 140, "scheduled_at": null}	1	1
81	2026-11-30 03:34:00.87273+00	\N	create_task	task	5	MainlandSample	\N	{"name": "MainlandSample", "accepted": 140, "scheduled_at": "2026-12-20T12:00:00Z"}	1	1
82	2026-11-30 03:34:02.165969+00	\N	create_task	task	6	MainlandSample	\N	{"name": "MainlandSample", "accepted": 140, "scheduled_at": "2026-12-20T12:00:00Z"}	1	1
83	2026-11-30 03:34:03.197603+00	\N	cancel_task	task	6	MainlandSample	\N	{"status": "canceled"}	1	1
\.


--
-- Data for Name: auth_group; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_group (id, name) FROM stdin;
\.


--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_group_permissions (id, group_id, permission_id) FROM stdin;
\.


--
-- Data for Name: auth_permission; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.auth_permission (id, name, content_type_id, codename) FROM stdin;
1	Can add permission	1	add_permission
2	Can change permission	1	change_permission
3	Can delete permission	1	delete_permission
4	Can view permission	1	view_permission
5	Can add group	2	add_group
6	Can change group	2	change_group
7	Can delete group	2	delete_group
8	Can view group	2	view_group
9	Can add content type	3	add_contenttype
10	Can change content type	3	change_contenttype
11	Can delete content type	3	delete_contenttype
12	Can view content type	3	view_contenttype
13	Can add session	4	add_session
14	Can change session	4	change_session
15	Can delete session	4	delete_session
16	Can view session	4	view_session
17	Can add access attempt	5	add_accessattempt
18	Can change access attempt	5	change_accessattempt
19	Can delete access attempt	5	delete_accessattempt
20	Can view access attempt	5	view_accessattempt
21	Can add access log	6	add_accesslog
22	Can change access log	6	change_accesslog
23	Can delete access log	6	delete_accesslog
24	Can view access log	6	view_accesslog
25	Can add access failure	7	add_accessfailurelog
26	Can change access failure	7	change_accessfailurelog
27	Can delete access failure	7	delete_accessfailurelog
28	Can view access failure	7	view_accessfailurelog
29	Can add access attempt expiration	8	add_accessattemptexpiration
30	Can change access attempt expiration	8	change_accessattemptexpiration
31	Can delete access attempt expiration	8	delete_accessattemptexpiration
32	Can view access attempt expiration	8	view_accessattemptexpiration
33	Can add TOTP device	9	add_totpdevice
34	Can change TOTP device	9	change_totpdevice
35	Can delete TOTP device	9	delete_totpdevice
36	Can view TOTP device	9	view_totpdevice
37	Can add static device	10	add_staticdevice
38	Can change static device	10	change_staticdevice
39	Can delete static device	10	delete_staticdevice
40	Can view static device	10	view_staticdevice
41	Can add static token	11	add_statictoken
42	Can change static token	11	change_statictoken
43	Can delete static token	11	delete_statictoken
44	Can view static token	11	view_statictoken
45	Can add procrastinate event	12	add_procrastinateevent
46	Can change procrastinate event	12	change_procrastinateevent
47	Can delete procrastinate event	12	delete_procrastinateevent
48	Can view procrastinate event	12	view_procrastinateevent
49	Can add procrastinate job	13	add_procrastinatejob
50	Can change procrastinate job	13	change_procrastinatejob
51	Can delete procrastinate job	13	delete_procrastinatejob
52	Can view procrastinate job	13	view_procrastinatejob
53	Can add procrastinate periodic defer	14	add_procrastinateperiodicdefer
54	Can change procrastinate periodic defer	14	change_procrastinateperiodicdefer
55	Can delete procrastinate periodic defer	14	delete_procrastinateperiodicdefer
56	Can view procrastinate periodic defer	14	view_procrastinateperiodicdefer
57	Can add procrastinate worker	15	add_procrastinateworker
58	Can change procrastinate worker	15	change_procrastinateworker
59	Can delete procrastinate worker	15	delete_procrastinateworker
60	Can view procrastinate worker	15	view_procrastinateworker
61	Can add account	16	add_account
62	Can change account	16	change_account
63	Can delete account	16	delete_account
64	Can view account	16	view_account
65	Can add member	17	add_member
66	Can change member	17	change_member
67	Can delete member	17	delete_member
68	Can view member	17	view_member
69	Can add audit entry	18	add_auditentry
70	Can change audit entry	18	change_auditentry
71	Can delete audit entry	18	delete_auditentry
72	Can view audit entry	18	view_auditentry
73	Can add balance	19	add_balance
74	Can change balance	19	change_balance
75	Can delete balance	19	delete_balance
76	Can view balance	19	view_balance
77	Can add charge	20	add_charge
78	Can change charge	20	change_charge
79	Can delete charge	20	delete_charge
80	Can view charge	20	view_charge
81	Can add package	21	add_package
82	Can change package	21	change_package
83	Can delete package	21	delete_package
84	Can view package	21	view_package
85	Can add ledger entry	22	add_ledgerentry
86	Can change ledger entry	22	change_ledgerentry
87	Can delete ledger entry	22	delete_ledgerentry
88	Can view ledger entry	22	view_ledgerentry
89	Can add package use	23	add_packageuse
90	Can change package use	23	change_packageuse
91	Can delete package use	23	delete_packageuse
92	Can view package use	23	view_packageuse
93	Can add price	24	add_price
94	Can change price	24	change_price
95	Can delete price	24	delete_price
96	Can view price	24	view_price
97	Can add budget	25	add_budget
98	Can change budget	25	change_budget
99	Can delete budget	25	delete_budget
100	Can view budget	25	view_budget
101	Can add alarm	26	add_alarm
102	Can change alarm	26	change_alarm
103	Can delete alarm	26	delete_alarm
104	Can view alarm	26	view_alarm
105	Can add carrier	27	add_carrier
106	Can change carrier	27	change_carrier
107	Can delete carrier	27	delete_carrier
108	Can view carrier	27	view_carrier
109	Can add application	28	add_application
110	Can change application	28	change_application
111	Can delete application	28	delete_application
112	Can view application	28	view_application
113	Can add route	29	add_route
114	Can change route	29	change_route
115	Can delete route	29	delete_route
116	Can view route	29	view_route
117	Can add signature	30	add_signature
118	Can change signature	30	change_signature
119	Can delete signature	30	delete_signature
120	Can view signature	30	view_signature
121	Can add template	31	add_template
122	Can change template	31	change_template
123	Can delete template	31	delete_template
124	Can view template	31	view_template
125	Can add draft	32	add_draft
126	Can change draft	32	change_draft
127	Can delete draft	32	delete_draft
128	Can view draft	32	view_draft
129	Can add task	33	add_task
130	Can change task	33	change_task
131	Can delete task	33	delete_task
132	Can view task	33	view_task
133	Can add export	34	add_export
134	Can change export	34	change_export
135	Can delete export	34	delete_export
136	Can view export	34	view_export
\.


--
-- Data for Name: axes_accessattempt; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.axes_accessattempt (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, get_data, post_data, failures_since_start) FROM stdin;
\.


--
-- Data for Name: axes_accessattemptexpiration; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.axes_accessattemptexpiration (access_attempt_id, expires_at) FROM stdin;
\.


--
-- Data for Name: axes_accessfailurelog; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.axes_accessfailurelog (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, locked_out) FROM stdin;
\.


--
-- Data for Name: axes_accesslog; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.axes_accesslog (id, user_agent, ip_address, username, http_accept, path_info, attempt_time, logout_time, session_hash) FROM stdin;
\.


--
-- Data for Name: balance; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.balance (account_id, amount, held) FROM stdin;
1	999989.948000	0.035000
\.


--
-- Data for Name: bind_fault; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.bind_fault (carrier_id, slot, times, error, at) FROM stdin;
\.


--
-- Data for Name: bind_state; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.bind_state (carrier_id, slot, owner, state, sentence, said, since) FROM stdin;
\.


--
-- Data for Name: budget; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.budget (id, scope, alarm, stop, account_id) FROM stdin;
\.


--
-- Data for Name: carrier; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.carrier (id, name, enabled, host, port, tls, tls_verify, system_id, password, system_type, bind, binds, "window", rate, default_alphabet, long_messages, source_ton, source_npi, dest_ton, dest_npi, id_form, default_source, draining, queries, match_by_id_alone, service_type, validity_minutes, registered_delivery, created_at, account_id) FROM stdin;
1	Simulator	t	127.0.0.1	2775	f	t	demo	demo		transceiver	1	500	0	gsm7	udh	\N	\N	1	1	as_is	Sendmill	f	f	f		0	final	2026-11-30 03:33:37.565096+00	1
\.


--
-- Data for Name: carrier_out; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.carrier_out (carrier_id, reason, since) FROM stdin;
\.


--
-- Data for Name: carrier_sample; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.carrier_sample (carrier_id, at, slot, bound, span, submitted, accepted, refused, unknown, throttled, delivered, failed, in_flight, pace, seconds) FROM stdin;
1	2026-11-30 03:33:45.296629+00	0	t	6.0158696	198	180	0	0	0	198	0	0	\N	{0.5532,2.2121}
1	2026-11-30 03:33:51.307382+00	0	t	6.010923	0	0	0	0	0	0	0	0	\N	{}
1	2026-11-30 03:33:57.316821+00	0	t	6.0093293	141	139	1	0	1	123	4	0	140	{0.7612,0.9912,1.4312,2.1427}
1	2026-11-30 03:34:03.330176+00	0	t	6.013458	0	0	0	0	0	12	0	0	140	{}
\.


--
-- Data for Name: charge; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.charge (task_id, type, parts, prices, held, charged, charged_parts, released_parts, step, seen, opened_at, settled_at, closed_at, account_id) FROM stdin;
1	notification	{"AU": 4, "FR": 29, "GB": 55, "US": 110}	{"AU": "0.0455", "FR": "0.069", "GB": "0.042", "US": "0.0079"}	0.000000	5.362000	{"AU": 4, "FR": 29, "GB": 55, "US": 110}	{}	1	[180, 180, 180, 0, 0, 0]	2026-11-30 03:33:41.522917+00	2026-11-30 03:33:44.654359+00	2026-11-30 03:33:44.654359+00	1
4	notification	{"CN": 140}	{"CN": "0.035"}	0.035000	4.690000	{"CN": 134}	{"CN": 5}	1	[140, 140, 134, 5, 0, 0]	2026-11-30 03:33:54.335496+00	2026-11-30 03:34:00.583392+00	\N	1
\.


--
-- Data for Name: chunk_p0; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.chunk_p0 (task_id, n, lo, hi, next_seq, batch_hi, state, owner, attempt, carrier_id, carriers) FROM stdin;
1	0	0	180	180	\N	2	1	1	\N	\N
2	0	0	180	0	\N	0	\N	0	\N	\N
3	0	0	180	0	\N	0	\N	0	\N	\N
4	0	0	140	140	\N	2	1	1	\N	\N
5	0	0	140	0	\N	0	\N	0	\N	\N
6	0	0	140	0	\N	0	\N	0	\N	\N
\.


--
-- Data for Name: django_content_type; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.django_content_type (id, app_label, model) FROM stdin;
1	auth	permission
2	auth	group
3	contenttypes	contenttype
4	sessions	session
5	axes	accessattempt
6	axes	accesslog
7	axes	accessfailurelog
8	axes	accessattemptexpiration
9	otp_totp	totpdevice
10	otp_static	staticdevice
11	otp_static	statictoken
12	procrastinate	procrastinateevent
13	procrastinate	procrastinatejob
14	procrastinate	procrastinateperiodicdefer
15	procrastinate	procrastinateworker
16	accounts	account
17	accounts	member
18	accounts	auditentry
19	billing	balance
20	billing	charge
21	billing	package
22	billing	ledgerentry
23	billing	packageuse
24	billing	price
25	billing	budget
26	alarms	alarm
27	catalog	carrier
28	catalog	application
29	catalog	route
30	catalog	signature
31	catalog	template
32	tasks	draft
33	tasks	task
34	tasks	export
\.


--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.django_migrations (id, app, name, applied) FROM stdin;
1	contenttypes	0001_initial	2026-11-30 03:33:34.682972+00
2	contenttypes	0002_remove_content_type_name	2026-11-30 03:33:34.687897+00
3	auth	0001_initial	2026-11-30 03:33:34.711496+00
4	auth	0002_alter_permission_name_max_length	2026-11-30 03:33:34.715103+00
5	auth	0003_alter_user_email_max_length	2026-11-30 03:33:34.720204+00
6	auth	0004_alter_user_username_opts	2026-11-30 03:33:34.723851+00
7	auth	0005_alter_user_last_login_null	2026-11-30 03:33:34.727929+00
8	auth	0006_require_contenttypes_0002	2026-11-30 03:33:34.728922+00
9	auth	0007_alter_validators_add_error_messages	2026-11-30 03:33:34.73238+00
10	auth	0008_alter_user_username_max_length	2026-11-30 03:33:34.735973+00
11	auth	0009_alter_user_last_name_max_length	2026-11-30 03:33:34.739696+00
12	auth	0010_alter_group_name_max_length	2026-11-30 03:33:34.745372+00
13	auth	0011_update_proxy_permissions	2026-11-30 03:33:34.749281+00
14	auth	0012_alter_user_first_name_max_length	2026-11-30 03:33:34.753185+00
15	accounts	0001_initial	2026-11-30 03:33:34.803432+00
16	catalog	0001_initial	2026-11-30 03:33:34.953163+00
17	tasks	0001_initial	2026-11-30 03:33:35.114341+00
18	alarms	0001_initial	2026-11-30 03:33:35.13966+00
19	axes	0001_initial	2026-11-30 03:33:35.148998+00
20	axes	0002_auto_20151217_2044	2026-11-30 03:33:35.171127+00
21	axes	0003_auto_20160322_0929	2026-11-30 03:33:35.182237+00
22	axes	0004_auto_20181024_1538	2026-11-30 03:33:35.19247+00
23	axes	0005_remove_accessattempt_trusted	2026-11-30 03:33:35.195123+00
24	axes	0006_remove_accesslog_trusted	2026-11-30 03:33:35.199121+00
25	axes	0007_alter_accessattempt_unique_together	2026-11-30 03:33:35.221809+00
26	axes	0008_accessfailurelog	2026-11-30 03:33:35.231646+00
27	axes	0009_add_session_hash	2026-11-30 03:33:35.234135+00
28	axes	0010_accessattemptexpiration	2026-11-30 03:33:35.239186+00
29	billing	0001_initial	2026-11-30 03:33:35.637808+00
30	message_store	0001_initial	2026-11-30 03:33:35.679805+00
31	otp_static	0001_initial	2026-11-30 03:33:35.730876+00
32	otp_static	0002_throttling	2026-11-30 03:33:35.758098+00
33	otp_static	0003_add_timestamps	2026-11-30 03:33:35.784005+00
34	otp_totp	0001_initial	2026-11-30 03:33:35.810779+00
35	otp_totp	0002_auto_20190420_0723	2026-11-30 03:33:35.836818+00
36	otp_totp	0003_add_timestamps	2026-11-30 03:33:35.864011+00
37	procrastinate	0001_initial	2026-11-30 03:33:35.880041+00
38	procrastinate	0002_drop_started_at_column	2026-11-30 03:33:35.882269+00
39	procrastinate	0003_drop_started_at_column	2026-11-30 03:33:35.883897+00
40	procrastinate	0004_drop_procrastinate_version_table	2026-11-30 03:33:35.88686+00
41	procrastinate	0005_fix_procrastinate_fetch_job	2026-11-30 03:33:35.890649+00
42	procrastinate	0006_fix_trigger_status_events_insert	2026-11-30 03:33:35.892595+00
43	procrastinate	0007_add_queueing_lock_column	2026-11-30 03:33:35.895263+00
44	procrastinate	0008_close_fetch_job_race_condition	2026-11-30 03:33:35.898391+00
45	procrastinate	0009_add_defer_job_function	2026-11-30 03:33:35.902105+00
46	procrastinate	0010_add_procrastinate_periodic_defers	2026-11-30 03:33:35.907493+00
47	procrastinate	0011_add_foreign_key_index	2026-11-30 03:33:35.910608+00
48	procrastinate	0012_add_locks_to_periodic_defer	2026-11-30 03:33:35.914669+00
49	procrastinate	0013_fix_procrastinate_defer_periodic_job	2026-11-30 03:33:35.918628+00
50	procrastinate	0014_add_finish_job_and_retry_job_functions	2026-11-30 03:33:35.920824+00
51	procrastinate	0015_add_trigger_on_job_deletion	2026-11-30 03:33:35.92349+00
52	procrastinate	0016_delete_finished_jobs	2026-11-30 03:33:35.925631+00
53	procrastinate	0017_add_checks_to_finish_job	2026-11-30 03:33:35.927898+00
54	procrastinate	0018_add_checks_to_retry_job	2026-11-30 03:33:35.93004+00
55	procrastinate	0019_fix_finish_job_compat_issue	2026-11-30 03:33:35.931967+00
56	procrastinate	0020_add_index_on_procrastinate_jobs	2026-11-30 03:33:35.935515+00
57	procrastinate	0021_add_kwargs_to_defer_periodic_job	2026-11-30 03:33:35.940086+00
58	procrastinate	0022_null_locks_excluded	2026-11-30 03:33:35.943736+00
59	procrastinate	0023_remove_old_finish_job_function	2026-11-30 03:33:35.946157+00
60	procrastinate	0024_job_id_bigint	2026-11-30 03:33:35.954677+00
61	procrastinate	0025_add_models	2026-11-30 03:33:35.96089+00
62	procrastinate	0026_add_job_priority	2026-11-30 03:33:35.965491+00
63	procrastinate	0027_add_periodic_job_priority	2026-11-30 03:33:35.967594+00
64	procrastinate	0028_add_cancel_states	2026-11-30 03:33:35.973345+00
65	procrastinate	0029_add_additional_params_to_retry_job	2026-11-30 03:33:35.975681+00
66	procrastinate	0030_alter_procrastinateevent_options	2026-11-30 03:33:35.977913+00
67	procrastinate	0031_add_indexes_for_fetch_job	2026-11-30 03:33:35.982698+00
68	procrastinate	0032_pre_cancel_notification	2026-11-30 03:33:35.991099+00
69	procrastinate	0033_post_cancel_notification	2026-11-30 03:33:36.012598+00
70	procrastinate	0034_pre_add_heartbeat	2026-11-30 03:33:36.023976+00
71	procrastinate	0035_post_add_heartbeat	2026-11-30 03:33:36.025721+00
72	procrastinate	0036_add_worker_model	2026-11-30 03:33:36.030533+00
73	procrastinate	0037_pre_batch_defer_jobs	2026-11-30 03:33:36.033618+00
74	procrastinate	0038_post_batch_defer_jobs	2026-11-30 03:33:36.035944+00
75	procrastinate	0039_pre_priority_lock_fetch_job	2026-11-30 03:33:36.03862+00
76	procrastinate	0040_pre_retry_failed_job	2026-11-30 03:33:36.040266+00
77	procrastinate	0041_post_retry_failed_job	2026-11-30 03:33:36.042214+00
78	sessions	0001_initial	2026-11-30 03:33:36.052078+00
\.


--
-- Data for Name: django_session; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.django_session (session_key, session_data, expire_date) FROM stdin;
\.


--
-- Data for Name: draft; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.draft (id, name, scheduled_at, created_at, key, state, file_name, file, file_size, accepted_file, deleted_file, written_file, refusal, outcome, account_id, application_id, created_by_id, signature_id, template_id, task_id) FROM stdin;
1	InternationalSample	\N	2026-11-30 03:33:40.988207+00	5ea588b3-bd4e-4529-b8cd-e76bdac2fcde	confirmed	InternationalSample.xlsx	drafts/5ea588b3-bd4e-4529-b8cd-e76bdac2fcde/upload.xlsx	7057	drafts/5ea588b3-bd4e-4529-b8cd-e76bdac2fcde/accepted.arrow	drafts/5ea588b3-bd4e-4529-b8cd-e76bdac2fcde/deleted.arrow	drafts/5ea588b3-bd4e-4529-b8cd-e76bdac2fcde/written.arrow	\N	{"rows": 190, "ucs2": 18, "basis": {"source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}, "parts": 198, "price": {"max": "0.069", "min": "0.0079", "total": "5.362", "currency": "USD", "unpriced": []}, "unfit": 4, "sample": [{"row": 2, "text": "Hello Ada, your appointment is on 2026/03/01 at 09:00. Call us if you cannot come.", "parts": 1, "number": "+12025550100"}, {"row": 3, "text": "Hello Grace, your appointment is on 2026/03/02 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550101"}, {"row": 4, "text": "Hello Alan, your appointment is on 2026/03/03 at 11:30. Call us if you cannot come.", "parts": 1, "number": "+12025550102"}, {"row": 5, "text": "Hello Edsger, your appointment is on 2026/03/04 at 12:45. Call us if you cannot come.", "parts": 1, "number": "+12025550103"}, {"row": 6, "text": "Hello Barbara, your appointment is on 2026/03/05 at 13:00. Call us if you cannot come.", "parts": 1, "number": "+12025550104"}, {"row": 7, "text": "Hello Donald, your appointment is on 2026/03/06 at 14:15. Call us if you cannot come.", "parts": 1, "number": "+12025550105"}, {"row": 8, "text": "Hello Frances, your appointment is on 2026/03/07 at 15:30. Call us if you cannot come.", "parts": 1, "number": "+12025550106"}, {"row": 9, "text": "Hello Tony, your appointment is on 2026/03/08 at 16:45. Call us if you cannot come.", "parts": 1, "number": "+12025550107"}, {"row": 10, "text": "Hello Zoë, your appointment is on 2026/03/09 at 09:00. Call us if you cannot come.", "parts": 2, "number": "+12025550108"}, {"row": 11, "text": "Hello Ken, your appointment is on 2026/03/10 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550109"}], "forcing": {"row": 10, "character": "ë", "in_template": false}, "invalid": 4, "reasons": {"unfit": 4, "duplicate": 2, "too_short": 1, "scientific": 1, "bad_characters": 1, "needs_country_code": 1}, "regions": {"AU": [4, 4], "FR": [26, 29], "GB": [50, 55], "US": [100, 110]}, "unusual": 76, "accepted": 180, "repaired": 50, "unrouted": 0, "duplicate": 2, "parts_max": 2, "parts_min": 1}	1	1	1	\N	2	1
2	InternationalSample	2026-12-20 12:00:00+00	2026-11-30 03:33:47.16595+00	5a9fbaf2-b60d-4bbe-b811-5aad1ffee914	confirmed	InternationalSample.xlsx	drafts/5a9fbaf2-b60d-4bbe-b811-5aad1ffee914/upload.xlsx	7057	drafts/5a9fbaf2-b60d-4bbe-b811-5aad1ffee914/accepted.arrow	drafts/5a9fbaf2-b60d-4bbe-b811-5aad1ffee914/deleted.arrow	drafts/5a9fbaf2-b60d-4bbe-b811-5aad1ffee914/written.arrow	\N	{"rows": 190, "ucs2": 18, "basis": {"source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}, "parts": 198, "price": {"max": "0.069", "min": "0.0079", "total": "5.362", "currency": "USD", "unpriced": []}, "unfit": 4, "sample": [{"row": 2, "text": "Hello Ada, your appointment is on 2026/03/01 at 09:00. Call us if you cannot come.", "parts": 1, "number": "+12025550100"}, {"row": 3, "text": "Hello Grace, your appointment is on 2026/03/02 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550101"}, {"row": 4, "text": "Hello Alan, your appointment is on 2026/03/03 at 11:30. Call us if you cannot come.", "parts": 1, "number": "+12025550102"}, {"row": 5, "text": "Hello Edsger, your appointment is on 2026/03/04 at 12:45. Call us if you cannot come.", "parts": 1, "number": "+12025550103"}, {"row": 6, "text": "Hello Barbara, your appointment is on 2026/03/05 at 13:00. Call us if you cannot come.", "parts": 1, "number": "+12025550104"}, {"row": 7, "text": "Hello Donald, your appointment is on 2026/03/06 at 14:15. Call us if you cannot come.", "parts": 1, "number": "+12025550105"}, {"row": 8, "text": "Hello Frances, your appointment is on 2026/03/07 at 15:30. Call us if you cannot come.", "parts": 1, "number": "+12025550106"}, {"row": 9, "text": "Hello Tony, your appointment is on 2026/03/08 at 16:45. Call us if you cannot come.", "parts": 1, "number": "+12025550107"}, {"row": 10, "text": "Hello Zoë, your appointment is on 2026/03/09 at 09:00. Call us if you cannot come.", "parts": 2, "number": "+12025550108"}, {"row": 11, "text": "Hello Ken, your appointment is on 2026/03/10 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550109"}], "forcing": {"row": 10, "character": "ë", "in_template": false}, "invalid": 4, "reasons": {"unfit": 4, "duplicate": 2, "too_short": 1, "scientific": 1, "bad_characters": 1, "needs_country_code": 1}, "regions": {"AU": [4, 4], "FR": [26, 29], "GB": [50, 55], "US": [100, 110]}, "unusual": 76, "accepted": 180, "repaired": 50, "unrouted": 0, "duplicate": 2, "parts_max": 2, "parts_min": 1}	1	1	1	\N	2	2
3	InternationalSample	2026-12-20 12:00:00+00	2026-11-30 03:33:48.598742+00	2c8f1a25-36e0-4829-b945-e98a3bcf8809	confirmed	InternationalSample.xlsx	drafts/2c8f1a25-36e0-4829-b945-e98a3bcf8809/upload.xlsx	7057	drafts/2c8f1a25-36e0-4829-b945-e98a3bcf8809/accepted.arrow	drafts/2c8f1a25-36e0-4829-b945-e98a3bcf8809/deleted.arrow	drafts/2c8f1a25-36e0-4829-b945-e98a3bcf8809/written.arrow	\N	{"rows": 190, "ucs2": 18, "basis": {"source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}, "parts": 198, "price": {"max": "0.069", "min": "0.0079", "total": "5.362", "currency": "USD", "unpriced": []}, "unfit": 4, "sample": [{"row": 2, "text": "Hello Ada, your appointment is on 2026/03/01 at 09:00. Call us if you cannot come.", "parts": 1, "number": "+12025550100"}, {"row": 3, "text": "Hello Grace, your appointment is on 2026/03/02 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550101"}, {"row": 4, "text": "Hello Alan, your appointment is on 2026/03/03 at 11:30. Call us if you cannot come.", "parts": 1, "number": "+12025550102"}, {"row": 5, "text": "Hello Edsger, your appointment is on 2026/03/04 at 12:45. Call us if you cannot come.", "parts": 1, "number": "+12025550103"}, {"row": 6, "text": "Hello Barbara, your appointment is on 2026/03/05 at 13:00. Call us if you cannot come.", "parts": 1, "number": "+12025550104"}, {"row": 7, "text": "Hello Donald, your appointment is on 2026/03/06 at 14:15. Call us if you cannot come.", "parts": 1, "number": "+12025550105"}, {"row": 8, "text": "Hello Frances, your appointment is on 2026/03/07 at 15:30. Call us if you cannot come.", "parts": 1, "number": "+12025550106"}, {"row": 9, "text": "Hello Tony, your appointment is on 2026/03/08 at 16:45. Call us if you cannot come.", "parts": 1, "number": "+12025550107"}, {"row": 10, "text": "Hello Zoë, your appointment is on 2026/03/09 at 09:00. Call us if you cannot come.", "parts": 2, "number": "+12025550108"}, {"row": 11, "text": "Hello Ken, your appointment is on 2026/03/10 at 10:15. Call us if you cannot come.", "parts": 1, "number": "+12025550109"}], "forcing": {"row": 10, "character": "ë", "in_template": false}, "invalid": 4, "reasons": {"unfit": 4, "duplicate": 2, "too_short": 1, "scientific": 1, "bad_characters": 1, "needs_country_code": 1}, "regions": {"AU": [4, 4], "FR": [26, 29], "GB": [50, 55], "US": [100, 110]}, "unusual": 76, "accepted": 180, "repaired": 50, "unrouted": 0, "duplicate": 2, "parts_max": 2, "parts_min": 1}	1	1	1	\N	2	3
5	MainlandSample	2026-12-20 12:00:00+00	2026-11-30 03:34:00.332655+00	26e92ed2-05ba-40ed-bd4c-b3a5627bd8bd	confirmed	MainlandSample.xlsx	drafts/26e92ed2-05ba-40ed-bd4c-b3a5627bd8bd/upload.xlsx	3453	drafts/26e92ed2-05ba-40ed-bd4c-b3a5627bd8bd/accepted.arrow	drafts/26e92ed2-05ba-40ed-bd4c-b3a5627bd8bd/deleted.arrow	drafts/26e92ed2-05ba-40ed-bd4c-b3a5627bd8bd/written.arrow	\N	{"rows": 146, "ucs2": 140, "basis": {"source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}, "parts": 140, "price": {"max": "0.035", "min": "0.035", "total": "4.9", "currency": "USD", "unpriced": []}, "unfit": 0, "sample": [{"row": 2, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000001"}, {"row": 3, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000002"}, {"row": 4, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000003"}, {"row": 5, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000004"}, {"row": 6, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000005"}, {"row": 7, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000006"}, {"row": 8, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000007"}, {"row": 9, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000008"}, {"row": 10, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000009"}, {"row": 11, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000010"}], "forcing": null, "invalid": 4, "reasons": {"duplicate": 2, "scientific": 1, "not_mainland": 1, "not_recognised": 2}, "regions": {"CN": [140, 140]}, "unusual": 0, "accepted": 140, "repaired": 20, "unrouted": 0, "duplicate": 2, "parts_max": 1, "parts_min": 1}	1	2	1	2	7	5
4	MainlandSample	\N	2026-11-30 03:33:53.791926+00	856f0236-8cad-4d80-aa28-0fc1c5c66f82	confirmed	MainlandSample.xlsx	drafts/856f0236-8cad-4d80-aa28-0fc1c5c66f82/upload.xlsx	3453	drafts/856f0236-8cad-4d80-aa28-0fc1c5c66f82/accepted.arrow	drafts/856f0236-8cad-4d80-aa28-0fc1c5c66f82/deleted.arrow	drafts/856f0236-8cad-4d80-aa28-0fc1c5c66f82/written.arrow	\N	{"rows": 146, "ucs2": 140, "basis": {"source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}, "parts": 140, "price": {"max": "0.035", "min": "0.035", "total": "4.9", "currency": "USD", "unpriced": []}, "unfit": 0, "sample": [{"row": 2, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000001"}, {"row": 3, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000002"}, {"row": 4, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000003"}, {"row": 5, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000004"}, {"row": 6, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000005"}, {"row": 7, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000006"}, {"row": 8, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000007"}, {"row": 9, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000008"}, {"row": 10, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000009"}, {"row": 11, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000010"}], "forcing": null, "invalid": 4, "reasons": {"duplicate": 2, "scientific": 1, "not_mainland": 1, "not_recognised": 2}, "regions": {"CN": [140, 140]}, "unusual": 0, "accepted": 140, "repaired": 20, "unrouted": 0, "duplicate": 2, "parts_max": 1, "parts_min": 1}	1	2	1	2	7	4
6	MainlandSample	2026-12-20 12:00:00+00	2026-11-30 03:34:01.866286+00	f46e4ccb-f794-4518-8d47-29b9147f3b8d	confirmed	MainlandSample.xlsx	drafts/f46e4ccb-f794-4518-8d47-29b9147f3b8d/upload.xlsx	3453	drafts/f46e4ccb-f794-4518-8d47-29b9147f3b8d/accepted.arrow	drafts/f46e4ccb-f794-4518-8d47-29b9147f3b8d/deleted.arrow	drafts/f46e4ccb-f794-4518-8d47-29b9147f3b8d/written.arrow	\N	{"rows": 146, "ucs2": 140, "basis": {"source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}, "parts": 140, "price": {"max": "0.035", "min": "0.035", "total": "4.9", "currency": "USD", "unpriced": []}, "unfit": 0, "sample": [{"row": 2, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000001"}, {"row": 3, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000002"}, {"row": 4, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000003"}, {"row": 5, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000004"}, {"row": 6, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000005"}, {"row": 7, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000006"}, {"row": 8, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000007"}, {"row": 9, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000008"}, {"row": 10, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000009"}, {"row": 11, "text": "【示例】本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "parts": 1, "number": "+8613800000010"}], "forcing": null, "invalid": 4, "reasons": {"duplicate": 2, "scientific": 1, "not_mainland": 1, "not_recognised": 2}, "regions": {"CN": [140, 140]}, "unusual": 0, "accepted": 140, "repaired": 20, "unrouted": 0, "duplicate": 2, "parts_max": 1, "parts_min": 1}	1	2	1	2	7	6
\.


--
-- Data for Name: export; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.export (id, key, what, kind, language, state, rows, done, file, file_size, refusal, created_at, ready_at, account_id, created_by_id, draft_id, task_id) FROM stdin;
\.


--
-- Data for Name: failure_p0; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.failure_p0 (task_id, seq) FROM stdin;
4	3
4	6
4	2
4	1
4	0
\.


--
-- Data for Name: hold; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.hold (id, kind, message, parameters, missing, last_task_id, began_at, released_at, released_as, released_by) FROM stdin;
\.


--
-- Data for Name: ledger_entry; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.ledger_entry (id, at, kind, amount, held, amount_after, held_after, parts, parts_held, task_id, step, note, detail, account_id, member_id, package_id) FROM stdin;
1	2026-11-30 03:33:37.551745+00	top_up	1000000.000000	0.000000	1000000.000000	0.000000	0	0	\N	\N	Play money	\N	1	\N	\N
2	2026-11-30 03:33:41.529072+00	reservation	0.000000	5.362000	1000000.000000	5.362000	0	0	1	0		{"parts": {"AU": 4, "FR": 29, "GB": 55, "US": 110}}	1	\N	\N
3	2026-11-30 03:33:44.67297+00	charge	-5.362000	-5.362000	999994.638000	0.000000	0	0	1	1		{"parts": {"AU": 4, "FR": 29, "GB": 55, "US": 110}}	1	\N	\N
4	2026-11-30 03:33:54.343047+00	reservation	0.000000	4.900000	999994.638000	4.900000	0	0	4	0		{"parts": {"CN": 140}}	1	\N	\N
5	2026-11-30 03:34:00.615413+00	charge	-4.690000	-4.690000	999989.948000	0.210000	0	0	4	1		{"parts": {"CN": 134}}	1	\N	\N
6	2026-11-30 03:34:00.619269+00	release	0.000000	-0.175000	999989.948000	0.035000	0	0	4	1		\N	1	\N	\N
\.


--
-- Data for Name: member; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.member (id, password, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined, role, language, account_id) FROM stdin;
1	!	\N	f	demo				f	t	2026-11-30 03:33:36.343398+00	admin		1
2	!	\N	f	demo-sender				f	t	2026-11-30 03:33:36.650408+00	sender		1
3	!	\N	f	demo-reviewer				f	t	2026-11-30 03:33:36.954917+00	reviewer		1
4	!	\N	f	demo-viewer				f	t	2026-11-30 03:33:37.252144+00	viewer		1
\.


--
-- Data for Name: member_groups; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.member_groups (id, member_id, group_id) FROM stdin;
\.


--
-- Data for Name: member_user_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.member_user_permissions (id, member_id, permission_id) FROM stdin;
\.


--
-- Data for Name: message_p0; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.message_p0 (task_id, seq, number, file_row, parts, result, delivered, submitted_at, reported_at, code, variables) FROM stdin;
1	8	12025550108	10	2	1	2	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.115393+00	DELIVRD	{Zoë,2026/03/09,09:00}
1	10	12025550110	12	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.540687+00	DELIVRD	{Ada,2026/03/11,11:30}
1	11	12025550111	13	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.720865+00	DELIVRD	{Grace,2026/03/12,12:45}
1	1	12025550101	3	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.205394+00	DELIVRD	{Grace,2026/03/02,10:15}
1	15	12025550115	17	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.245107+00	DELIVRD	{Donald,2026/03/16,16:45}
1	18	12025550118	20	2	1	2	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.520222+00	DELIVRD	{Zoë,2026/03/19,11:30}
1	14	12025550114	16	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.175043+00	DELIVRD	{Barbara,2026/03/15,15:30}
1	6	12025550106	8	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.156794+00	DELIVRD	{Frances,2026/03/07,15:30}
1	16	12025550116	18	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.32983+00	DELIVRD	{Frances,2026/03/17,09:00}
1	19	12025550119	21	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.570621+00	DELIVRD	{Ken,2026/03/20,12:45}
1	0	12025550100	2	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.990188+00	DELIVRD	{Ada,2026/03/01,09:00}
1	24	12025550124	26	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.560328+00	DELIVRD	{Barbara,2026/03/25,09:00}
1	9	12025550109	11	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.27496+00	DELIVRD	{Ken,2026/03/10,10:15}
1	13	12025550113	15	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.2102+00	DELIVRD	{Edsger,2026/03/14,14:15}
1	5	12025550105	7	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.320037+00	DELIVRD	{Donald,2026/03/06,14:15}
1	23	12025550123	25	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.349916+00	DELIVRD	{Edsger,2026/03/24,16:45}
1	12	12025550112	14	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.47498+00	DELIVRD	{Alan,2026/03/13,13:00}
1	22	12025550122	24	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.069842+00	DELIVRD	{Alan,2026/03/23,15:30}
1	2	12025550102	4	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.65508+00	DELIVRD	{Alan,2026/03/03,11:30}
1	25	12025550125	27	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.855605+00	DELIVRD	{Donald,2026/03/26,10:15}
1	4	12025550104	6	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.18571+00	DELIVRD	{Barbara,2026/03/05,13:00}
1	3	12025550103	5	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.085131+00	DELIVRD	{Edsger,2026/03/04,12:45}
1	17	12025550117	19	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.400202+00	DELIVRD	{Tony,2026/03/18,10:15}
1	26	12025550126	28	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.6399+00	DELIVRD	{Frances,2026/03/27,11:30}
1	7	12025550107	9	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.529876+00	DELIVRD	{Tony,2026/03/08,16:45}
1	20	12025550120	22	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.794932+00	DELIVRD	{Ada,2026/03/21,13:00}
1	21	12025550121	23	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.119867+00	DELIVRD	{Grace,2026/03/22,14:15}
1	39	12025550139	41	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.104631+00	DELIVRD	{Ken,2026/03/12,16:45}
1	50	12025550150	52	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.390656+00	DELIVRD	{Ada,2026/03/23,11:30}
1	47	12025550147	49	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.260579+00	DELIVRD	{Tony,2026/03/20,16:45}
1	36	12025550136	38	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.800064+00	DELIVRD	{Frances,2026/03/09,13:00}
1	35	12025550135	37	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.115613+00	DELIVRD	{Donald,2026/03/08,12:45}
1	52	12025550152	54	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.02986+00	DELIVRD	{Alan,2026/03/25,13:00}
1	30	12025550130	32	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.769804+00	DELIVRD	{Ada,2026/03/03,15:30}
1	40	12025550140	42	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.585171+00	DELIVRD	{Ada,2026/03/13,09:00}
1	53	12025550153	55	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.690488+00	DELIVRD	{Edsger,2026/03/26,14:15}
1	31	12025550131	33	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.069842+00	DELIVRD	{Grace,2026/03/04,16:45}
1	32	12025550132	34	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.86576+00	DELIVRD	{Alan,2026/03/05,09:00}
1	49	12025550149	51	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.16038+00	DELIVRD	{Ken,2026/03/22,10:15}
1	42	12025550142	44	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.309972+00	DELIVRD	{Alan,2026/03/15,11:30}
1	46	12025550146	48	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.47498+00	DELIVRD	{Frances,2026/03/19,15:30}
1	34	12025550134	36	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.539955+00	DELIVRD	{Barbara,2026/03/07,11:30}
1	29	12025550129	31	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.156794+00	DELIVRD	{Ken,2026/03/02,14:15}
1	27	12025550127	29	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.090738+00	DELIVRD	{Tony,2026/03/28,12:45}
1	44	12025550144	46	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.085341+00	DELIVRD	{Barbara,2026/03/17,13:00}
1	33	12025550133	35	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.570311+00	DELIVRD	{Edsger,2026/03/06,10:15}
1	51	12025550151	53	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.780109+00	DELIVRD	{Grace,2026/03/24,12:45}
1	48	12025550148	50	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.495903+00	DELIVRD	{Zoë,2026/03/21,09:00}
1	38	12025550138	40	2	1	2	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.635622+00	DELIVRD	{Zoë,2026/03/11,15:30}
1	28	12025550128	30	2	1	2	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.755638+00	DELIVRD	{Zoë,2026/03/01,13:00}
1	37	12025550137	39	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.805453+00	DELIVRD	{Tony,2026/03/10,14:15}
1	45	12025550145	47	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.805453+00	DELIVRD	{Donald,2026/03/18,14:15}
1	43	12025550143	45	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.145973+00	DELIVRD	{Edsger,2026/03/16,12:45}
1	41	12025550141	43	1	1	0	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.156794+00	DELIVRD	{Grace,2026/03/14,10:15}
1	60	12025550160	62	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.20975+00	DELIVRD	{Ada,2026/03/05,13:00}
1	63	12025550163	65	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.29039+00	DELIVRD	{Edsger,2026/03/08,16:45}
1	71	12025550171	73	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.200164+00	DELIVRD	{Grace,2026/03/16,16:45}
1	66	12025550166	68	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.534927+00	DELIVRD	{Frances,2026/03/11,11:30}
1	75	12025550175	77	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.02986+00	DELIVRD	{Donald,2026/03/20,12:45}
1	68	12025550168	70	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.911207+00	DELIVRD	{Zoë,2026/03/13,13:00}
1	55	12025550155	57	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.224908+00	DELIVRD	{Donald,2026/03/28,16:45}
1	76	12025550176	78	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.794932+00	DELIVRD	{Frances,2026/03/21,13:00}
1	54	12025550154	56	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.6702+00	DELIVRD	{Barbara,2026/03/27,15:30}
1	70	12025550170	72	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.300715+00	DELIVRD	{Ada,2026/03/15,15:30}
1	77	12025550177	79	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.985326+00	DELIVRD	{Tony,2026/03/22,14:15}
1	69	12025550169	71	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.754784+00	DELIVRD	{Ken,2026/03/14,14:15}
1	65	12025550165	67	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.420194+00	DELIVRD	{Donald,2026/03/10,10:15}
1	74	12025550174	76	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.46014+00	DELIVRD	{Barbara,2026/03/19,11:30}
1	61	12025550161	63	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.769804+00	DELIVRD	{Grace,2026/03/06,14:15}
1	73	12025550173	75	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.330131+00	DELIVRD	{Edsger,2026/03/18,10:15}
1	67	12025550167	69	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.349916+00	DELIVRD	{Tony,2026/03/12,12:45}
1	80	12025550180	82	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.82053+00	DELIVRD	{Ada,2026/03/25,09:00}
1	58	12025550158	60	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.456107+00	DELIVRD	{Zoë,2026/03/03,11:30}
1	62	12025550162	64	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.579724+00	DELIVRD	{Alan,2026/03/07,15:30}
1	78	12025550178	80	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.09142+00	DELIVRD	{Zoë,2026/03/23,15:30}
1	64	12025550164	66	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.950105+00	DELIVRD	{Barbara,2026/03/09,09:00}
1	57	12025550157	59	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.05553+00	DELIVRD	{Tony,2026/03/02,10:15}
1	72	12025550172	74	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.790243+00	DELIVRD	{Alan,2026/03/17,09:00}
1	56	12025550156	58	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.160851+00	DELIVRD	{Frances,2026/03/01,09:00}
1	59	12025550159	61	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.900272+00	DELIVRD	{Ken,2026/03/04,12:45}
1	79	12025550179	81	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.135374+00	DELIVRD	{Ken,2026/03/24,16:45}
1	96	12025550196	98	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.01054+00	DELIVRD	{Frances,2026/03/13,09:00}
1	94	12025550194	96	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.215183+00	DELIVRD	{Barbara,2026/03/11,15:30}
1	99	12025550199	101	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.874777+00	DELIVRD	{Ken,2026/03/16,12:45}
1	89	12025550189	91	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.524809+00	DELIVRD	{Ken,2026/03/06,10:15}
1	102	447700900102	104	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.215512+00	DELIVRD	{Alan,2026/03/19,15:30}
1	95	12025550195	97	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.394852+00	DELIVRD	{Donald,2026/03/12,16:45}
1	81	12025550181	83	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.950105+00	DELIVRD	{Grace,2026/03/26,10:15}
1	82	12025550182	84	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.180118+00	DELIVRD	{Alan,2026/03/27,11:30}
1	107	447700900107	109	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.54495+00	DELIVRD	{Tony,2026/03/24,12:45}
1	93	12025550193	95	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.785211+00	DELIVRD	{Edsger,2026/03/10,14:15}
1	98	12025550198	100	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.445597+00	DELIVRD	{Zoë,2026/03/15,11:30}
1	104	447700900104	106	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.200374+00	DELIVRD	{Barbara,2026/03/21,09:00}
1	100	447700900100	102	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.024692+00	DELIVRD	{Ada,2026/03/17,13:00}
1	101	447700900101	103	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.449976+00	DELIVRD	{Grace,2026/03/18,14:15}
1	90	12025550190	92	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.680447+00	DELIVRD	{Ada,2026/03/07,11:30}
1	85	12025550185	87	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.059763+00	DELIVRD	{Donald,2026/03/02,14:15}
1	91	12025550191	93	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.310067+00	DELIVRD	{Grace,2026/03/08,12:45}
1	97	12025550197	99	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.280934+00	DELIVRD	{Tony,2026/03/14,10:15}
1	87	12025550187	89	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.899836+00	DELIVRD	{Tony,2026/03/04,16:45}
1	92	12025550192	94	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.099576+00	DELIVRD	{Alan,2026/03/09,13:00}
1	88	12025550188	90	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.578353+00	DELIVRD	{Zoë,2026/03/05,09:00}
1	103	447700900103	105	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.230581+00	DELIVRD	{Edsger,2026/03/20,16:45}
1	86	12025550186	88	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.32996+00	DELIVRD	{Frances,2026/03/03,15:30}
1	106	447700900106	108	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.345131+00	DELIVRD	{Frances,2026/03/23,11:30}
1	84	12025550184	86	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.515473+00	DELIVRD	{Barbara,2026/03/01,13:00}
1	83	12025550183	85	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.815218+00	DELIVRD	{Edsger,2026/03/28,12:45}
1	105	447700900105	107	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.950105+00	DELIVRD	{Donald,2026/03/22,10:15}
1	134	447700900134	136	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.739871+00	DELIVRD	{Barbara,2026/03/23,15:30}
1	124	447700900124	126	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.609945+00	DELIVRD	{Barbara,2026/03/13,13:00}
1	108	447700900108	110	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.385974+00	DELIVRD	{Zoë,2026/03/25,13:00}
1	131	447700900131	133	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.130341+00	DELIVRD	{Grace,2026/03/20,12:45}
1	125	447700900125	127	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.509986+00	DELIVRD	{Donald,2026/03/14,14:15}
1	110	447700900110	112	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.345131+00	DELIVRD	{Ada,2026/03/27,15:30}
1	120	447700900120	122	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.795256+00	DELIVRD	{Ada,2026/03/09,09:00}
1	122	447700900122	124	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.925073+00	DELIVRD	{Alan,2026/03/11,11:30}
1	117	447700900117	119	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.2102+00	DELIVRD	{Tony,2026/03/06,14:15}
1	123	447700900123	125	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.29498+00	DELIVRD	{Edsger,2026/03/12,12:45}
1	109	447700900109	111	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.574792+00	DELIVRD	{Ken,2026/03/26,14:15}
1	113	447700900113	115	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.336878+00	DELIVRD	{Edsger,2026/03/02,10:15}
1	111	447700900111	113	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.925704+00	DELIVRD	{Grace,2026/03/28,16:45}
1	129	447700900129	131	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.436079+00	DELIVRD	{Ken,2026/03/18,10:15}
1	132	447700900132	134	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.835442+00	DELIVRD	{Alan,2026/03/21,13:00}
1	128	447700900128	130	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.645618+00	DELIVRD	{Zoë,2026/03/17,09:00}
1	126	447700900126	128	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.534927+00	DELIVRD	{Frances,2026/03/15,15:30}
1	121	447700900121	123	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.585171+00	DELIVRD	{Grace,2026/03/10,10:15}
1	118	447700900118	120	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.710105+00	DELIVRD	{Zoë,2026/03/07,15:30}
1	115	447700900115	117	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.919797+00	DELIVRD	{Donald,2026/03/04,12:45}
1	112	447700900112	114	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.439844+00	DELIVRD	{Alan,2026/03/01,09:00}
1	127	447700900127	129	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.705597+00	DELIVRD	{Tony,2026/03/16,16:45}
1	119	447700900119	121	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.18571+00	DELIVRD	{Ken,2026/03/08,16:45}
1	133	447700900133	135	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.840574+00	DELIVRD	{Edsger,2026/03/22,14:15}
1	130	447700900130	132	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.884791+00	DELIVRD	{Ada,2026/03/19,11:30}
1	114	447700900114	116	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.790243+00	DELIVRD	{Barbara,2026/03/03,11:30}
1	116	447700900116	118	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.110877+00	DELIVRD	{Frances,2026/03/05,13:00}
1	146	447700900146	148	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.200164+00	DELIVRD	{Frances,2026/03/07,11:30}
1	148	447700900148	150	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.58681+00	DELIVRD	{Zoë,2026/03/09,13:00}
1	144	447700900144	146	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.500277+00	DELIVRD	{Barbara,2026/03/05,09:00}
1	141	447700900141	143	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.289982+00	DELIVRD	{Grace,2026/03/02,14:15}
1	138	447700900138	140	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.721708+00	DELIVRD	{Zoë,2026/03/27,11:30}
1	159	33639980105	161	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.68006+00	DELIVRD	{Ken,2026/03/20,16:45}
1	136	447700900136	138	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.529876+00	DELIVRD	{Frances,2026/03/25,09:00}
1	156	33639980102	158	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.540542+00	DELIVRD	{Frances,2026/03/17,13:00}
1	135	447700900135	137	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.185114+00	DELIVRD	{Donald,2026/03/24,16:45}
1	161	33639980107	163	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.524906+00	DELIVRD	{Grace,2026/03/22,10:15}
1	153	61491570159	155	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.05553+00	DELIVRD	{Edsger,2026/03/14,10:15}
1	137	447700900137	139	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.410056+00	DELIVRD	{Tony,2026/03/26,10:15}
1	160	33639980106	162	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.01054+00	DELIVRD	{Ada,2026/03/21,09:00}
1	149	447700900149	151	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.425054+00	DELIVRD	{Ken,2026/03/10,14:15}
1	139	447700900139	141	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.675321+00	DELIVRD	{Ken,2026/03/28,12:45}
1	147	447700900147	149	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.879727+00	DELIVRD	{Tony,2026/03/08,12:45}
1	158	33639980104	160	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.520222+00	DELIVRD	{Zoë,2026/03/19,15:30}
1	140	447700900140	142	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.588781+00	DELIVRD	{Ada,2026/03/01,13:00}
1	157	33639980103	159	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.010417+00	DELIVRD	{Tony,2026/03/18,14:15}
1	151	61491570157	153	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.455303+00	DELIVRD	{Grace,2026/03/12,16:45}
1	152	61491570158	154	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.570311+00	DELIVRD	{Alan,2026/03/13,09:00}
1	154	33639980100	156	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.336878+00	DELIVRD	{Barbara,2026/03/15,11:30}
1	155	33639980101	157	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.595201+00	DELIVRD	{Donald,2026/03/16,12:45}
1	150	61491570156	152	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.685236+00	DELIVRD	{Ada,2026/03/11,15:30}
1	145	447700900145	147	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.030368+00	DELIVRD	{Donald,2026/03/06,10:15}
1	142	447700900142	144	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.535038+00	DELIVRD	{Alan,2026/03/03,15:30}
1	143	447700900143	145	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.110877+00	DELIVRD	{Edsger,2026/03/04,16:45}
1	168	33639980114	170	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.281249+00	DELIVRD	{Zoë,2026/03/01,09:00}
1	172	33639980118	174	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.524809+00	DELIVRD	{Alan,2026/03/05,13:00}
1	174	33639980120	176	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.750047+00	DELIVRD	{Barbara,2026/03/07,15:30}
2	0	12025550100	2	1	0	0	\N	\N	\N	{Ada,2026/03/01,09:00}
1	169	33639980115	171	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.765009+00	DELIVRD	{Ken,2026/03/02,10:15}
1	163	33639980109	165	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.939905+00	DELIVRD	{Edsger,2026/03/24,12:45}
1	175	33639980121	177	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.800064+00	DELIVRD	{Donald,2026/03/08,16:45}
2	1	12025550101	3	1	0	0	\N	\N	\N	{Grace,2026/03/02,10:15}
1	162	33639980108	164	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.015432+00	DELIVRD	{Alan,2026/03/23,11:30}
1	178	33639980124	180	2	1	2	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.011919+00	DELIVRD	{Zoë,2026/03/11,11:30}
1	170	33639980116	172	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.239696+00	DELIVRD	{Ada,2026/03/03,11:30}
2	2	12025550102	4	1	0	0	\N	\N	\N	{Alan,2026/03/03,11:30}
1	177	33639980123	179	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.080099+00	DELIVRD	{Tony,2026/03/10,10:15}
1	166	33639980112	168	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.24974+00	DELIVRD	{Frances,2026/03/27,15:30}
1	164	33639980110	166	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.445403+00	DELIVRD	{Barbara,2026/03/25,13:00}
1	167	33639980113	169	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.660258+00	DELIVRD	{Tony,2026/03/28,16:45}
1	179	33639980125	181	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.156794+00	DELIVRD	{Ken,2026/03/12,12:45}
1	165	33639980111	167	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.224908+00	DELIVRD	{Donald,2026/03/26,14:15}
1	171	33639980117	173	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.615252+00	DELIVRD	{Grace,2026/03/04,12:45}
1	176	33639980122	178	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.705408+00	DELIVRD	{Frances,2026/03/09,09:00}
1	173	33639980119	175	1	1	0	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.72059+00	DELIVRD	{Edsger,2026/03/06,14:15}
2	3	12025550103	5	1	0	0	\N	\N	\N	{Edsger,2026/03/04,12:45}
2	4	12025550104	6	1	0	0	\N	\N	\N	{Barbara,2026/03/05,13:00}
2	5	12025550105	7	1	0	0	\N	\N	\N	{Donald,2026/03/06,14:15}
2	6	12025550106	8	1	0	0	\N	\N	\N	{Frances,2026/03/07,15:30}
2	7	12025550107	9	1	0	0	\N	\N	\N	{Tony,2026/03/08,16:45}
2	8	12025550108	10	2	0	0	\N	\N	\N	{Zoë,2026/03/09,09:00}
2	9	12025550109	11	1	0	0	\N	\N	\N	{Ken,2026/03/10,10:15}
2	10	12025550110	12	1	0	0	\N	\N	\N	{Ada,2026/03/11,11:30}
2	11	12025550111	13	1	0	0	\N	\N	\N	{Grace,2026/03/12,12:45}
2	12	12025550112	14	1	0	0	\N	\N	\N	{Alan,2026/03/13,13:00}
2	13	12025550113	15	1	0	0	\N	\N	\N	{Edsger,2026/03/14,14:15}
2	14	12025550114	16	1	0	0	\N	\N	\N	{Barbara,2026/03/15,15:30}
2	15	12025550115	17	1	0	0	\N	\N	\N	{Donald,2026/03/16,16:45}
2	16	12025550116	18	1	0	0	\N	\N	\N	{Frances,2026/03/17,09:00}
2	17	12025550117	19	1	0	0	\N	\N	\N	{Tony,2026/03/18,10:15}
2	18	12025550118	20	2	0	0	\N	\N	\N	{Zoë,2026/03/19,11:30}
2	19	12025550119	21	1	0	0	\N	\N	\N	{Ken,2026/03/20,12:45}
2	20	12025550120	22	1	0	0	\N	\N	\N	{Ada,2026/03/21,13:00}
2	21	12025550121	23	1	0	0	\N	\N	\N	{Grace,2026/03/22,14:15}
2	22	12025550122	24	1	0	0	\N	\N	\N	{Alan,2026/03/23,15:30}
2	23	12025550123	25	1	0	0	\N	\N	\N	{Edsger,2026/03/24,16:45}
2	24	12025550124	26	1	0	0	\N	\N	\N	{Barbara,2026/03/25,09:00}
2	25	12025550125	27	1	0	0	\N	\N	\N	{Donald,2026/03/26,10:15}
2	26	12025550126	28	1	0	0	\N	\N	\N	{Frances,2026/03/27,11:30}
2	27	12025550127	29	1	0	0	\N	\N	\N	{Tony,2026/03/28,12:45}
2	28	12025550128	30	2	0	0	\N	\N	\N	{Zoë,2026/03/01,13:00}
2	29	12025550129	31	1	0	0	\N	\N	\N	{Ken,2026/03/02,14:15}
2	30	12025550130	32	1	0	0	\N	\N	\N	{Ada,2026/03/03,15:30}
2	31	12025550131	33	1	0	0	\N	\N	\N	{Grace,2026/03/04,16:45}
2	32	12025550132	34	1	0	0	\N	\N	\N	{Alan,2026/03/05,09:00}
2	33	12025550133	35	1	0	0	\N	\N	\N	{Edsger,2026/03/06,10:15}
2	34	12025550134	36	1	0	0	\N	\N	\N	{Barbara,2026/03/07,11:30}
2	35	12025550135	37	1	0	0	\N	\N	\N	{Donald,2026/03/08,12:45}
2	36	12025550136	38	1	0	0	\N	\N	\N	{Frances,2026/03/09,13:00}
2	37	12025550137	39	1	0	0	\N	\N	\N	{Tony,2026/03/10,14:15}
2	38	12025550138	40	2	0	0	\N	\N	\N	{Zoë,2026/03/11,15:30}
2	39	12025550139	41	1	0	0	\N	\N	\N	{Ken,2026/03/12,16:45}
2	40	12025550140	42	1	0	0	\N	\N	\N	{Ada,2026/03/13,09:00}
2	41	12025550141	43	1	0	0	\N	\N	\N	{Grace,2026/03/14,10:15}
2	42	12025550142	44	1	0	0	\N	\N	\N	{Alan,2026/03/15,11:30}
2	43	12025550143	45	1	0	0	\N	\N	\N	{Edsger,2026/03/16,12:45}
2	44	12025550144	46	1	0	0	\N	\N	\N	{Barbara,2026/03/17,13:00}
2	45	12025550145	47	1	0	0	\N	\N	\N	{Donald,2026/03/18,14:15}
2	46	12025550146	48	1	0	0	\N	\N	\N	{Frances,2026/03/19,15:30}
2	47	12025550147	49	1	0	0	\N	\N	\N	{Tony,2026/03/20,16:45}
2	48	12025550148	50	2	0	0	\N	\N	\N	{Zoë,2026/03/21,09:00}
2	49	12025550149	51	1	0	0	\N	\N	\N	{Ken,2026/03/22,10:15}
2	50	12025550150	52	1	0	0	\N	\N	\N	{Ada,2026/03/23,11:30}
2	51	12025550151	53	1	0	0	\N	\N	\N	{Grace,2026/03/24,12:45}
2	52	12025550152	54	1	0	0	\N	\N	\N	{Alan,2026/03/25,13:00}
2	53	12025550153	55	1	0	0	\N	\N	\N	{Edsger,2026/03/26,14:15}
2	54	12025550154	56	1	0	0	\N	\N	\N	{Barbara,2026/03/27,15:30}
2	55	12025550155	57	1	0	0	\N	\N	\N	{Donald,2026/03/28,16:45}
2	56	12025550156	58	1	0	0	\N	\N	\N	{Frances,2026/03/01,09:00}
2	57	12025550157	59	1	0	0	\N	\N	\N	{Tony,2026/03/02,10:15}
2	58	12025550158	60	2	0	0	\N	\N	\N	{Zoë,2026/03/03,11:30}
2	59	12025550159	61	1	0	0	\N	\N	\N	{Ken,2026/03/04,12:45}
2	60	12025550160	62	1	0	0	\N	\N	\N	{Ada,2026/03/05,13:00}
2	61	12025550161	63	1	0	0	\N	\N	\N	{Grace,2026/03/06,14:15}
2	62	12025550162	64	1	0	0	\N	\N	\N	{Alan,2026/03/07,15:30}
2	63	12025550163	65	1	0	0	\N	\N	\N	{Edsger,2026/03/08,16:45}
2	64	12025550164	66	1	0	0	\N	\N	\N	{Barbara,2026/03/09,09:00}
2	65	12025550165	67	1	0	0	\N	\N	\N	{Donald,2026/03/10,10:15}
2	66	12025550166	68	1	0	0	\N	\N	\N	{Frances,2026/03/11,11:30}
2	67	12025550167	69	1	0	0	\N	\N	\N	{Tony,2026/03/12,12:45}
2	68	12025550168	70	2	0	0	\N	\N	\N	{Zoë,2026/03/13,13:00}
2	69	12025550169	71	1	0	0	\N	\N	\N	{Ken,2026/03/14,14:15}
2	70	12025550170	72	1	0	0	\N	\N	\N	{Ada,2026/03/15,15:30}
2	71	12025550171	73	1	0	0	\N	\N	\N	{Grace,2026/03/16,16:45}
2	72	12025550172	74	1	0	0	\N	\N	\N	{Alan,2026/03/17,09:00}
2	73	12025550173	75	1	0	0	\N	\N	\N	{Edsger,2026/03/18,10:15}
2	74	12025550174	76	1	0	0	\N	\N	\N	{Barbara,2026/03/19,11:30}
2	75	12025550175	77	1	0	0	\N	\N	\N	{Donald,2026/03/20,12:45}
2	76	12025550176	78	1	0	0	\N	\N	\N	{Frances,2026/03/21,13:00}
2	77	12025550177	79	1	0	0	\N	\N	\N	{Tony,2026/03/22,14:15}
2	78	12025550178	80	2	0	0	\N	\N	\N	{Zoë,2026/03/23,15:30}
2	79	12025550179	81	1	0	0	\N	\N	\N	{Ken,2026/03/24,16:45}
2	80	12025550180	82	1	0	0	\N	\N	\N	{Ada,2026/03/25,09:00}
2	81	12025550181	83	1	0	0	\N	\N	\N	{Grace,2026/03/26,10:15}
2	82	12025550182	84	1	0	0	\N	\N	\N	{Alan,2026/03/27,11:30}
2	83	12025550183	85	1	0	0	\N	\N	\N	{Edsger,2026/03/28,12:45}
2	84	12025550184	86	1	0	0	\N	\N	\N	{Barbara,2026/03/01,13:00}
2	85	12025550185	87	1	0	0	\N	\N	\N	{Donald,2026/03/02,14:15}
2	86	12025550186	88	1	0	0	\N	\N	\N	{Frances,2026/03/03,15:30}
2	87	12025550187	89	1	0	0	\N	\N	\N	{Tony,2026/03/04,16:45}
2	88	12025550188	90	2	0	0	\N	\N	\N	{Zoë,2026/03/05,09:00}
2	89	12025550189	91	1	0	0	\N	\N	\N	{Ken,2026/03/06,10:15}
2	90	12025550190	92	1	0	0	\N	\N	\N	{Ada,2026/03/07,11:30}
2	91	12025550191	93	1	0	0	\N	\N	\N	{Grace,2026/03/08,12:45}
2	92	12025550192	94	1	0	0	\N	\N	\N	{Alan,2026/03/09,13:00}
2	93	12025550193	95	1	0	0	\N	\N	\N	{Edsger,2026/03/10,14:15}
2	94	12025550194	96	1	0	0	\N	\N	\N	{Barbara,2026/03/11,15:30}
2	95	12025550195	97	1	0	0	\N	\N	\N	{Donald,2026/03/12,16:45}
2	96	12025550196	98	1	0	0	\N	\N	\N	{Frances,2026/03/13,09:00}
2	97	12025550197	99	1	0	0	\N	\N	\N	{Tony,2026/03/14,10:15}
2	98	12025550198	100	2	0	0	\N	\N	\N	{Zoë,2026/03/15,11:30}
2	99	12025550199	101	1	0	0	\N	\N	\N	{Ken,2026/03/16,12:45}
2	100	447700900100	102	1	0	0	\N	\N	\N	{Ada,2026/03/17,13:00}
2	101	447700900101	103	1	0	0	\N	\N	\N	{Grace,2026/03/18,14:15}
2	102	447700900102	104	1	0	0	\N	\N	\N	{Alan,2026/03/19,15:30}
2	103	447700900103	105	1	0	0	\N	\N	\N	{Edsger,2026/03/20,16:45}
2	104	447700900104	106	1	0	0	\N	\N	\N	{Barbara,2026/03/21,09:00}
2	105	447700900105	107	1	0	0	\N	\N	\N	{Donald,2026/03/22,10:15}
2	106	447700900106	108	1	0	0	\N	\N	\N	{Frances,2026/03/23,11:30}
2	107	447700900107	109	1	0	0	\N	\N	\N	{Tony,2026/03/24,12:45}
2	108	447700900108	110	2	0	0	\N	\N	\N	{Zoë,2026/03/25,13:00}
2	109	447700900109	111	1	0	0	\N	\N	\N	{Ken,2026/03/26,14:15}
2	110	447700900110	112	1	0	0	\N	\N	\N	{Ada,2026/03/27,15:30}
2	111	447700900111	113	1	0	0	\N	\N	\N	{Grace,2026/03/28,16:45}
2	112	447700900112	114	1	0	0	\N	\N	\N	{Alan,2026/03/01,09:00}
2	113	447700900113	115	1	0	0	\N	\N	\N	{Edsger,2026/03/02,10:15}
2	114	447700900114	116	1	0	0	\N	\N	\N	{Barbara,2026/03/03,11:30}
2	115	447700900115	117	1	0	0	\N	\N	\N	{Donald,2026/03/04,12:45}
2	116	447700900116	118	1	0	0	\N	\N	\N	{Frances,2026/03/05,13:00}
2	117	447700900117	119	1	0	0	\N	\N	\N	{Tony,2026/03/06,14:15}
2	118	447700900118	120	2	0	0	\N	\N	\N	{Zoë,2026/03/07,15:30}
2	119	447700900119	121	1	0	0	\N	\N	\N	{Ken,2026/03/08,16:45}
2	120	447700900120	122	1	0	0	\N	\N	\N	{Ada,2026/03/09,09:00}
2	121	447700900121	123	1	0	0	\N	\N	\N	{Grace,2026/03/10,10:15}
2	122	447700900122	124	1	0	0	\N	\N	\N	{Alan,2026/03/11,11:30}
2	123	447700900123	125	1	0	0	\N	\N	\N	{Edsger,2026/03/12,12:45}
2	124	447700900124	126	1	0	0	\N	\N	\N	{Barbara,2026/03/13,13:00}
2	125	447700900125	127	1	0	0	\N	\N	\N	{Donald,2026/03/14,14:15}
2	126	447700900126	128	1	0	0	\N	\N	\N	{Frances,2026/03/15,15:30}
2	127	447700900127	129	1	0	0	\N	\N	\N	{Tony,2026/03/16,16:45}
2	128	447700900128	130	2	0	0	\N	\N	\N	{Zoë,2026/03/17,09:00}
2	129	447700900129	131	1	0	0	\N	\N	\N	{Ken,2026/03/18,10:15}
2	130	447700900130	132	1	0	0	\N	\N	\N	{Ada,2026/03/19,11:30}
2	131	447700900131	133	1	0	0	\N	\N	\N	{Grace,2026/03/20,12:45}
2	132	447700900132	134	1	0	0	\N	\N	\N	{Alan,2026/03/21,13:00}
2	133	447700900133	135	1	0	0	\N	\N	\N	{Edsger,2026/03/22,14:15}
2	134	447700900134	136	1	0	0	\N	\N	\N	{Barbara,2026/03/23,15:30}
2	135	447700900135	137	1	0	0	\N	\N	\N	{Donald,2026/03/24,16:45}
2	136	447700900136	138	1	0	0	\N	\N	\N	{Frances,2026/03/25,09:00}
2	137	447700900137	139	1	0	0	\N	\N	\N	{Tony,2026/03/26,10:15}
2	138	447700900138	140	2	0	0	\N	\N	\N	{Zoë,2026/03/27,11:30}
2	139	447700900139	141	1	0	0	\N	\N	\N	{Ken,2026/03/28,12:45}
2	140	447700900140	142	1	0	0	\N	\N	\N	{Ada,2026/03/01,13:00}
2	141	447700900141	143	1	0	0	\N	\N	\N	{Grace,2026/03/02,14:15}
2	142	447700900142	144	1	0	0	\N	\N	\N	{Alan,2026/03/03,15:30}
2	143	447700900143	145	1	0	0	\N	\N	\N	{Edsger,2026/03/04,16:45}
2	144	447700900144	146	1	0	0	\N	\N	\N	{Barbara,2026/03/05,09:00}
2	145	447700900145	147	1	0	0	\N	\N	\N	{Donald,2026/03/06,10:15}
2	146	447700900146	148	1	0	0	\N	\N	\N	{Frances,2026/03/07,11:30}
2	147	447700900147	149	1	0	0	\N	\N	\N	{Tony,2026/03/08,12:45}
2	148	447700900148	150	2	0	0	\N	\N	\N	{Zoë,2026/03/09,13:00}
2	149	447700900149	151	1	0	0	\N	\N	\N	{Ken,2026/03/10,14:15}
2	150	61491570156	152	1	0	0	\N	\N	\N	{Ada,2026/03/11,15:30}
2	151	61491570157	153	1	0	0	\N	\N	\N	{Grace,2026/03/12,16:45}
2	152	61491570158	154	1	0	0	\N	\N	\N	{Alan,2026/03/13,09:00}
2	153	61491570159	155	1	0	0	\N	\N	\N	{Edsger,2026/03/14,10:15}
2	154	33639980100	156	1	0	0	\N	\N	\N	{Barbara,2026/03/15,11:30}
2	155	33639980101	157	1	0	0	\N	\N	\N	{Donald,2026/03/16,12:45}
2	156	33639980102	158	1	0	0	\N	\N	\N	{Frances,2026/03/17,13:00}
2	157	33639980103	159	1	0	0	\N	\N	\N	{Tony,2026/03/18,14:15}
2	158	33639980104	160	2	0	0	\N	\N	\N	{Zoë,2026/03/19,15:30}
2	159	33639980105	161	1	0	0	\N	\N	\N	{Ken,2026/03/20,16:45}
2	160	33639980106	162	1	0	0	\N	\N	\N	{Ada,2026/03/21,09:00}
2	161	33639980107	163	1	0	0	\N	\N	\N	{Grace,2026/03/22,10:15}
2	162	33639980108	164	1	0	0	\N	\N	\N	{Alan,2026/03/23,11:30}
2	163	33639980109	165	1	0	0	\N	\N	\N	{Edsger,2026/03/24,12:45}
2	164	33639980110	166	1	0	0	\N	\N	\N	{Barbara,2026/03/25,13:00}
2	165	33639980111	167	1	0	0	\N	\N	\N	{Donald,2026/03/26,14:15}
2	166	33639980112	168	1	0	0	\N	\N	\N	{Frances,2026/03/27,15:30}
2	167	33639980113	169	1	0	0	\N	\N	\N	{Tony,2026/03/28,16:45}
2	168	33639980114	170	2	0	0	\N	\N	\N	{Zoë,2026/03/01,09:00}
2	169	33639980115	171	1	0	0	\N	\N	\N	{Ken,2026/03/02,10:15}
2	170	33639980116	172	1	0	0	\N	\N	\N	{Ada,2026/03/03,11:30}
2	171	33639980117	173	1	0	0	\N	\N	\N	{Grace,2026/03/04,12:45}
2	172	33639980118	174	1	0	0	\N	\N	\N	{Alan,2026/03/05,13:00}
2	173	33639980119	175	1	0	0	\N	\N	\N	{Edsger,2026/03/06,14:15}
2	174	33639980120	176	1	0	0	\N	\N	\N	{Barbara,2026/03/07,15:30}
2	175	33639980121	177	1	0	0	\N	\N	\N	{Donald,2026/03/08,16:45}
2	176	33639980122	178	1	0	0	\N	\N	\N	{Frances,2026/03/09,09:00}
2	177	33639980123	179	1	0	0	\N	\N	\N	{Tony,2026/03/10,10:15}
2	178	33639980124	180	2	0	0	\N	\N	\N	{Zoë,2026/03/11,11:30}
2	179	33639980125	181	1	0	0	\N	\N	\N	{Ken,2026/03/12,12:45}
3	0	12025550100	2	1	0	0	\N	\N	\N	{Ada,2026/03/01,09:00}
3	1	12025550101	3	1	0	0	\N	\N	\N	{Grace,2026/03/02,10:15}
3	2	12025550102	4	1	0	0	\N	\N	\N	{Alan,2026/03/03,11:30}
3	3	12025550103	5	1	0	0	\N	\N	\N	{Edsger,2026/03/04,12:45}
3	4	12025550104	6	1	0	0	\N	\N	\N	{Barbara,2026/03/05,13:00}
3	5	12025550105	7	1	0	0	\N	\N	\N	{Donald,2026/03/06,14:15}
3	6	12025550106	8	1	0	0	\N	\N	\N	{Frances,2026/03/07,15:30}
3	7	12025550107	9	1	0	0	\N	\N	\N	{Tony,2026/03/08,16:45}
3	8	12025550108	10	2	0	0	\N	\N	\N	{Zoë,2026/03/09,09:00}
3	9	12025550109	11	1	0	0	\N	\N	\N	{Ken,2026/03/10,10:15}
3	10	12025550110	12	1	0	0	\N	\N	\N	{Ada,2026/03/11,11:30}
3	11	12025550111	13	1	0	0	\N	\N	\N	{Grace,2026/03/12,12:45}
3	12	12025550112	14	1	0	0	\N	\N	\N	{Alan,2026/03/13,13:00}
3	13	12025550113	15	1	0	0	\N	\N	\N	{Edsger,2026/03/14,14:15}
3	14	12025550114	16	1	0	0	\N	\N	\N	{Barbara,2026/03/15,15:30}
3	15	12025550115	17	1	0	0	\N	\N	\N	{Donald,2026/03/16,16:45}
3	16	12025550116	18	1	0	0	\N	\N	\N	{Frances,2026/03/17,09:00}
3	17	12025550117	19	1	0	0	\N	\N	\N	{Tony,2026/03/18,10:15}
3	18	12025550118	20	2	0	0	\N	\N	\N	{Zoë,2026/03/19,11:30}
3	19	12025550119	21	1	0	0	\N	\N	\N	{Ken,2026/03/20,12:45}
3	20	12025550120	22	1	0	0	\N	\N	\N	{Ada,2026/03/21,13:00}
3	21	12025550121	23	1	0	0	\N	\N	\N	{Grace,2026/03/22,14:15}
3	22	12025550122	24	1	0	0	\N	\N	\N	{Alan,2026/03/23,15:30}
3	23	12025550123	25	1	0	0	\N	\N	\N	{Edsger,2026/03/24,16:45}
3	24	12025550124	26	1	0	0	\N	\N	\N	{Barbara,2026/03/25,09:00}
3	25	12025550125	27	1	0	0	\N	\N	\N	{Donald,2026/03/26,10:15}
3	26	12025550126	28	1	0	0	\N	\N	\N	{Frances,2026/03/27,11:30}
3	27	12025550127	29	1	0	0	\N	\N	\N	{Tony,2026/03/28,12:45}
3	28	12025550128	30	2	0	0	\N	\N	\N	{Zoë,2026/03/01,13:00}
3	29	12025550129	31	1	0	0	\N	\N	\N	{Ken,2026/03/02,14:15}
3	30	12025550130	32	1	0	0	\N	\N	\N	{Ada,2026/03/03,15:30}
3	31	12025550131	33	1	0	0	\N	\N	\N	{Grace,2026/03/04,16:45}
3	32	12025550132	34	1	0	0	\N	\N	\N	{Alan,2026/03/05,09:00}
3	33	12025550133	35	1	0	0	\N	\N	\N	{Edsger,2026/03/06,10:15}
3	34	12025550134	36	1	0	0	\N	\N	\N	{Barbara,2026/03/07,11:30}
3	35	12025550135	37	1	0	0	\N	\N	\N	{Donald,2026/03/08,12:45}
3	36	12025550136	38	1	0	0	\N	\N	\N	{Frances,2026/03/09,13:00}
3	37	12025550137	39	1	0	0	\N	\N	\N	{Tony,2026/03/10,14:15}
3	38	12025550138	40	2	0	0	\N	\N	\N	{Zoë,2026/03/11,15:30}
3	39	12025550139	41	1	0	0	\N	\N	\N	{Ken,2026/03/12,16:45}
3	40	12025550140	42	1	0	0	\N	\N	\N	{Ada,2026/03/13,09:00}
3	41	12025550141	43	1	0	0	\N	\N	\N	{Grace,2026/03/14,10:15}
3	42	12025550142	44	1	0	0	\N	\N	\N	{Alan,2026/03/15,11:30}
3	43	12025550143	45	1	0	0	\N	\N	\N	{Edsger,2026/03/16,12:45}
3	44	12025550144	46	1	0	0	\N	\N	\N	{Barbara,2026/03/17,13:00}
3	45	12025550145	47	1	0	0	\N	\N	\N	{Donald,2026/03/18,14:15}
3	46	12025550146	48	1	0	0	\N	\N	\N	{Frances,2026/03/19,15:30}
3	47	12025550147	49	1	0	0	\N	\N	\N	{Tony,2026/03/20,16:45}
3	48	12025550148	50	2	0	0	\N	\N	\N	{Zoë,2026/03/21,09:00}
3	49	12025550149	51	1	0	0	\N	\N	\N	{Ken,2026/03/22,10:15}
3	50	12025550150	52	1	0	0	\N	\N	\N	{Ada,2026/03/23,11:30}
3	51	12025550151	53	1	0	0	\N	\N	\N	{Grace,2026/03/24,12:45}
3	52	12025550152	54	1	0	0	\N	\N	\N	{Alan,2026/03/25,13:00}
3	53	12025550153	55	1	0	0	\N	\N	\N	{Edsger,2026/03/26,14:15}
3	54	12025550154	56	1	0	0	\N	\N	\N	{Barbara,2026/03/27,15:30}
3	55	12025550155	57	1	0	0	\N	\N	\N	{Donald,2026/03/28,16:45}
3	56	12025550156	58	1	0	0	\N	\N	\N	{Frances,2026/03/01,09:00}
3	57	12025550157	59	1	0	0	\N	\N	\N	{Tony,2026/03/02,10:15}
3	58	12025550158	60	2	0	0	\N	\N	\N	{Zoë,2026/03/03,11:30}
3	59	12025550159	61	1	0	0	\N	\N	\N	{Ken,2026/03/04,12:45}
3	60	12025550160	62	1	0	0	\N	\N	\N	{Ada,2026/03/05,13:00}
3	61	12025550161	63	1	0	0	\N	\N	\N	{Grace,2026/03/06,14:15}
3	62	12025550162	64	1	0	0	\N	\N	\N	{Alan,2026/03/07,15:30}
3	63	12025550163	65	1	0	0	\N	\N	\N	{Edsger,2026/03/08,16:45}
3	64	12025550164	66	1	0	0	\N	\N	\N	{Barbara,2026/03/09,09:00}
3	65	12025550165	67	1	0	0	\N	\N	\N	{Donald,2026/03/10,10:15}
3	66	12025550166	68	1	0	0	\N	\N	\N	{Frances,2026/03/11,11:30}
3	67	12025550167	69	1	0	0	\N	\N	\N	{Tony,2026/03/12,12:45}
3	68	12025550168	70	2	0	0	\N	\N	\N	{Zoë,2026/03/13,13:00}
3	69	12025550169	71	1	0	0	\N	\N	\N	{Ken,2026/03/14,14:15}
3	70	12025550170	72	1	0	0	\N	\N	\N	{Ada,2026/03/15,15:30}
3	71	12025550171	73	1	0	0	\N	\N	\N	{Grace,2026/03/16,16:45}
3	72	12025550172	74	1	0	0	\N	\N	\N	{Alan,2026/03/17,09:00}
3	73	12025550173	75	1	0	0	\N	\N	\N	{Edsger,2026/03/18,10:15}
3	74	12025550174	76	1	0	0	\N	\N	\N	{Barbara,2026/03/19,11:30}
3	75	12025550175	77	1	0	0	\N	\N	\N	{Donald,2026/03/20,12:45}
3	76	12025550176	78	1	0	0	\N	\N	\N	{Frances,2026/03/21,13:00}
3	77	12025550177	79	1	0	0	\N	\N	\N	{Tony,2026/03/22,14:15}
3	78	12025550178	80	2	0	0	\N	\N	\N	{Zoë,2026/03/23,15:30}
3	79	12025550179	81	1	0	0	\N	\N	\N	{Ken,2026/03/24,16:45}
3	80	12025550180	82	1	0	0	\N	\N	\N	{Ada,2026/03/25,09:00}
3	81	12025550181	83	1	0	0	\N	\N	\N	{Grace,2026/03/26,10:15}
3	82	12025550182	84	1	0	0	\N	\N	\N	{Alan,2026/03/27,11:30}
3	83	12025550183	85	1	0	0	\N	\N	\N	{Edsger,2026/03/28,12:45}
3	84	12025550184	86	1	0	0	\N	\N	\N	{Barbara,2026/03/01,13:00}
3	85	12025550185	87	1	0	0	\N	\N	\N	{Donald,2026/03/02,14:15}
3	86	12025550186	88	1	0	0	\N	\N	\N	{Frances,2026/03/03,15:30}
3	87	12025550187	89	1	0	0	\N	\N	\N	{Tony,2026/03/04,16:45}
3	88	12025550188	90	2	0	0	\N	\N	\N	{Zoë,2026/03/05,09:00}
3	89	12025550189	91	1	0	0	\N	\N	\N	{Ken,2026/03/06,10:15}
3	90	12025550190	92	1	0	0	\N	\N	\N	{Ada,2026/03/07,11:30}
3	91	12025550191	93	1	0	0	\N	\N	\N	{Grace,2026/03/08,12:45}
3	92	12025550192	94	1	0	0	\N	\N	\N	{Alan,2026/03/09,13:00}
3	93	12025550193	95	1	0	0	\N	\N	\N	{Edsger,2026/03/10,14:15}
3	94	12025550194	96	1	0	0	\N	\N	\N	{Barbara,2026/03/11,15:30}
3	95	12025550195	97	1	0	0	\N	\N	\N	{Donald,2026/03/12,16:45}
3	96	12025550196	98	1	0	0	\N	\N	\N	{Frances,2026/03/13,09:00}
3	97	12025550197	99	1	0	0	\N	\N	\N	{Tony,2026/03/14,10:15}
3	98	12025550198	100	2	0	0	\N	\N	\N	{Zoë,2026/03/15,11:30}
3	99	12025550199	101	1	0	0	\N	\N	\N	{Ken,2026/03/16,12:45}
3	100	447700900100	102	1	0	0	\N	\N	\N	{Ada,2026/03/17,13:00}
3	101	447700900101	103	1	0	0	\N	\N	\N	{Grace,2026/03/18,14:15}
3	102	447700900102	104	1	0	0	\N	\N	\N	{Alan,2026/03/19,15:30}
3	103	447700900103	105	1	0	0	\N	\N	\N	{Edsger,2026/03/20,16:45}
3	104	447700900104	106	1	0	0	\N	\N	\N	{Barbara,2026/03/21,09:00}
3	105	447700900105	107	1	0	0	\N	\N	\N	{Donald,2026/03/22,10:15}
3	106	447700900106	108	1	0	0	\N	\N	\N	{Frances,2026/03/23,11:30}
3	107	447700900107	109	1	0	0	\N	\N	\N	{Tony,2026/03/24,12:45}
3	108	447700900108	110	2	0	0	\N	\N	\N	{Zoë,2026/03/25,13:00}
3	109	447700900109	111	1	0	0	\N	\N	\N	{Ken,2026/03/26,14:15}
3	110	447700900110	112	1	0	0	\N	\N	\N	{Ada,2026/03/27,15:30}
3	111	447700900111	113	1	0	0	\N	\N	\N	{Grace,2026/03/28,16:45}
3	112	447700900112	114	1	0	0	\N	\N	\N	{Alan,2026/03/01,09:00}
3	113	447700900113	115	1	0	0	\N	\N	\N	{Edsger,2026/03/02,10:15}
3	114	447700900114	116	1	0	0	\N	\N	\N	{Barbara,2026/03/03,11:30}
3	115	447700900115	117	1	0	0	\N	\N	\N	{Donald,2026/03/04,12:45}
3	116	447700900116	118	1	0	0	\N	\N	\N	{Frances,2026/03/05,13:00}
3	117	447700900117	119	1	0	0	\N	\N	\N	{Tony,2026/03/06,14:15}
3	118	447700900118	120	2	0	0	\N	\N	\N	{Zoë,2026/03/07,15:30}
3	119	447700900119	121	1	0	0	\N	\N	\N	{Ken,2026/03/08,16:45}
3	120	447700900120	122	1	0	0	\N	\N	\N	{Ada,2026/03/09,09:00}
3	121	447700900121	123	1	0	0	\N	\N	\N	{Grace,2026/03/10,10:15}
3	122	447700900122	124	1	0	0	\N	\N	\N	{Alan,2026/03/11,11:30}
3	123	447700900123	125	1	0	0	\N	\N	\N	{Edsger,2026/03/12,12:45}
3	124	447700900124	126	1	0	0	\N	\N	\N	{Barbara,2026/03/13,13:00}
3	125	447700900125	127	1	0	0	\N	\N	\N	{Donald,2026/03/14,14:15}
3	126	447700900126	128	1	0	0	\N	\N	\N	{Frances,2026/03/15,15:30}
3	127	447700900127	129	1	0	0	\N	\N	\N	{Tony,2026/03/16,16:45}
3	128	447700900128	130	2	0	0	\N	\N	\N	{Zoë,2026/03/17,09:00}
3	129	447700900129	131	1	0	0	\N	\N	\N	{Ken,2026/03/18,10:15}
3	130	447700900130	132	1	0	0	\N	\N	\N	{Ada,2026/03/19,11:30}
3	131	447700900131	133	1	0	0	\N	\N	\N	{Grace,2026/03/20,12:45}
3	132	447700900132	134	1	0	0	\N	\N	\N	{Alan,2026/03/21,13:00}
3	133	447700900133	135	1	0	0	\N	\N	\N	{Edsger,2026/03/22,14:15}
3	134	447700900134	136	1	0	0	\N	\N	\N	{Barbara,2026/03/23,15:30}
3	135	447700900135	137	1	0	0	\N	\N	\N	{Donald,2026/03/24,16:45}
3	136	447700900136	138	1	0	0	\N	\N	\N	{Frances,2026/03/25,09:00}
3	137	447700900137	139	1	0	0	\N	\N	\N	{Tony,2026/03/26,10:15}
3	138	447700900138	140	2	0	0	\N	\N	\N	{Zoë,2026/03/27,11:30}
3	139	447700900139	141	1	0	0	\N	\N	\N	{Ken,2026/03/28,12:45}
3	140	447700900140	142	1	0	0	\N	\N	\N	{Ada,2026/03/01,13:00}
3	141	447700900141	143	1	0	0	\N	\N	\N	{Grace,2026/03/02,14:15}
3	142	447700900142	144	1	0	0	\N	\N	\N	{Alan,2026/03/03,15:30}
3	143	447700900143	145	1	0	0	\N	\N	\N	{Edsger,2026/03/04,16:45}
3	144	447700900144	146	1	0	0	\N	\N	\N	{Barbara,2026/03/05,09:00}
3	145	447700900145	147	1	0	0	\N	\N	\N	{Donald,2026/03/06,10:15}
3	146	447700900146	148	1	0	0	\N	\N	\N	{Frances,2026/03/07,11:30}
3	147	447700900147	149	1	0	0	\N	\N	\N	{Tony,2026/03/08,12:45}
3	148	447700900148	150	2	0	0	\N	\N	\N	{Zoë,2026/03/09,13:00}
3	149	447700900149	151	1	0	0	\N	\N	\N	{Ken,2026/03/10,14:15}
3	150	61491570156	152	1	0	0	\N	\N	\N	{Ada,2026/03/11,15:30}
3	151	61491570157	153	1	0	0	\N	\N	\N	{Grace,2026/03/12,16:45}
3	152	61491570158	154	1	0	0	\N	\N	\N	{Alan,2026/03/13,09:00}
3	153	61491570159	155	1	0	0	\N	\N	\N	{Edsger,2026/03/14,10:15}
3	154	33639980100	156	1	0	0	\N	\N	\N	{Barbara,2026/03/15,11:30}
3	155	33639980101	157	1	0	0	\N	\N	\N	{Donald,2026/03/16,12:45}
3	156	33639980102	158	1	0	0	\N	\N	\N	{Frances,2026/03/17,13:00}
3	157	33639980103	159	1	0	0	\N	\N	\N	{Tony,2026/03/18,14:15}
3	158	33639980104	160	2	0	0	\N	\N	\N	{Zoë,2026/03/19,15:30}
3	159	33639980105	161	1	0	0	\N	\N	\N	{Ken,2026/03/20,16:45}
3	160	33639980106	162	1	0	0	\N	\N	\N	{Ada,2026/03/21,09:00}
3	161	33639980107	163	1	0	0	\N	\N	\N	{Grace,2026/03/22,10:15}
3	162	33639980108	164	1	0	0	\N	\N	\N	{Alan,2026/03/23,11:30}
3	163	33639980109	165	1	0	0	\N	\N	\N	{Edsger,2026/03/24,12:45}
3	164	33639980110	166	1	0	0	\N	\N	\N	{Barbara,2026/03/25,13:00}
3	165	33639980111	167	1	0	0	\N	\N	\N	{Donald,2026/03/26,14:15}
3	166	33639980112	168	1	0	0	\N	\N	\N	{Frances,2026/03/27,15:30}
3	167	33639980113	169	1	0	0	\N	\N	\N	{Tony,2026/03/28,16:45}
3	168	33639980114	170	2	0	0	\N	\N	\N	{Zoë,2026/03/01,09:00}
3	169	33639980115	171	1	0	0	\N	\N	\N	{Ken,2026/03/02,10:15}
3	170	33639980116	172	1	0	0	\N	\N	\N	{Ada,2026/03/03,11:30}
3	171	33639980117	173	1	0	0	\N	\N	\N	{Grace,2026/03/04,12:45}
3	172	33639980118	174	1	0	0	\N	\N	\N	{Alan,2026/03/05,13:00}
3	173	33639980119	175	1	0	0	\N	\N	\N	{Edsger,2026/03/06,14:15}
3	174	33639980120	176	1	0	0	\N	\N	\N	{Barbara,2026/03/07,15:30}
3	175	33639980121	177	1	0	0	\N	\N	\N	{Donald,2026/03/08,16:45}
3	176	33639980122	178	1	0	0	\N	\N	\N	{Frances,2026/03/09,09:00}
3	177	33639980123	179	1	0	0	\N	\N	\N	{Tony,2026/03/10,10:15}
3	178	33639980124	180	2	0	0	\N	\N	\N	{Zoë,2026/03/11,11:30}
3	179	33639980125	181	1	0	0	\N	\N	\N	{Ken,2026/03/12,12:45}
4	34	8613800000035	36	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.815026+00	DELIVRD	\N
4	28	8613800000029	30	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.150627+00	DELIVRD	\N
4	30	8613800000031	32	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.110545+00	DELIVRD	\N
4	4	8613800000005	6	1	0	0	2026-11-30 03:33:54.398877+00	\N	\N	\N
4	2	8613800000003	4	1	2	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:54.952698+00	REJECTD	\N
4	19	8613800000020	21	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.105282+00	DELIVRD	\N
4	36	8613800000037	38	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:57.185808+00	DELIVRD	\N
4	23	8613800000024	25	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.789768+00	DELIVRD	\N
4	14	8613800000015	16	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.675056+00	DELIVRD	\N
4	5	8613800000006	7	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.909883+00	DELIVRD	\N
4	15	8613800000016	17	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.460652+00	DELIVRD	\N
4	18	8613800000019	20	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.714809+00	DELIVRD	\N
4	0	8613800000001	2	1	2	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.716734+00	UNDELIV	\N
4	20	8613800000021	22	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.575311+00	DELIVRD	\N
4	7	8613800000008	9	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.065017+00	DELIVRD	\N
4	10	8613800000011	12	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.670634+00	DELIVRD	\N
4	8	8613800000009	10	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:57.135405+00	DELIVRD	\N
4	35	8613800000036	37	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.109789+00	DELIVRD	\N
4	17	8613800000018	19	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.615371+00	DELIVRD	\N
4	24	8613800000025	26	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.914837+00	DELIVRD	\N
4	12	8613800000013	14	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.335509+00	DELIVRD	\N
4	31	8613800000032	33	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.835666+00	DELIVRD	\N
4	9	8613800000010	11	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:57.045157+00	DELIVRD	\N
4	13	8613800000014	15	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.650171+00	DELIVRD	\N
4	29	8613800000030	31	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.345862+00	DELIVRD	\N
4	25	8613800000026	27	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.600454+00	DELIVRD	\N
4	33	8613800000034	35	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.179867+00	DELIVRD	\N
4	27	8613800000028	29	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.406069+00	DELIVRD	\N
4	1	8613800000002	3	1	2	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.14019+00	EXPIRED	\N
4	11	8613800000012	13	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.900519+00	DELIVRD	\N
4	26	8613800000027	28	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.285528+00	DELIVRD	\N
4	21	8613800000022	23	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.855109+00	DELIVRD	\N
4	22	8613800000023	24	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.325085+00	DELIVRD	\N
4	32	8613800000033	34	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:57.309826+00	DELIVRD	\N
4	3	8613800000004	5	1	2	0	2026-11-30 03:33:54.398877+00	\N	SMPP-0x0000000B	\N
4	16	8613800000017	18	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.035464+00	DELIVRD	\N
4	6	8613800000007	8	1	2	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:54.948388+00	UNDELIV	\N
4	68	8613800000069	70	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.474967+00	DELIVRD	\N
4	72	8613800000073	74	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.320145+00	DELIVRD	\N
4	46	8613800000047	48	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.900519+00	DELIVRD	\N
4	69	8613800000070	71	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.685076+00	DELIVRD	\N
4	48	8613800000049	50	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.980027+00	DELIVRD	\N
4	47	8613800000048	49	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.925168+00	DELIVRD	\N
4	62	8613800000063	64	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.555863+00	DELIVRD	\N
4	82	8613800000083	84	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.095734+00	DELIVRD	\N
4	40	8613800000041	42	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.664981+00	DELIVRD	\N
4	60	8613800000061	62	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.009713+00	DELIVRD	\N
4	79	8613800000080	81	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.970603+00	DELIVRD	\N
4	61	8613800000062	63	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.020056+00	DELIVRD	\N
4	54	8613800000055	56	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.629996+00	DELIVRD	\N
4	77	8613800000078	79	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.885337+00	DELIVRD	\N
4	38	8613800000039	40	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.200144+00	DELIVRD	\N
4	57	8613800000058	59	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.815026+00	DELIVRD	\N
4	55	8613800000056	57	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.420313+00	DELIVRD	\N
4	66	8613800000067	68	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.640631+00	DELIVRD	\N
4	74	8613800000075	76	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.530704+00	DELIVRD	\N
4	58	8613800000059	60	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.270828+00	DELIVRD	\N
4	50	8613800000051	52	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.820511+00	DELIVRD	\N
4	53	8613800000054	55	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.300138+00	DELIVRD	\N
4	70	8613800000071	72	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.195821+00	DELIVRD	\N
4	84	8613800000085	86	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.150314+00	DELIVRD	\N
4	75	8613800000076	77	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.425728+00	DELIVRD	\N
4	64	8613800000065	66	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.560289+00	DELIVRD	\N
4	65	8613800000066	67	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.710686+00	DELIVRD	\N
4	45	8613800000046	47	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.585845+00	DELIVRD	\N
4	52	8613800000053	54	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.715578+00	DELIVRD	\N
4	63	8613800000064	65	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.655068+00	DELIVRD	\N
4	71	8613800000072	73	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.300138+00	DELIVRD	\N
4	43	8613800000044	45	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.495297+00	DELIVRD	\N
4	78	8613800000079	80	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.760005+00	DELIVRD	\N
4	73	8613800000074	75	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.245585+00	DELIVRD	\N
4	37	8613800000038	39	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.380653+00	DELIVRD	\N
4	56	8613800000057	58	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.255221+00	DELIVRD	\N
4	76	8613800000077	78	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.460652+00	DELIVRD	\N
4	80	8613800000081	82	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:56.465517+00	DELIVRD	\N
4	42	8613800000043	44	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.900214+00	DELIVRD	\N
4	39	8613800000040	41	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.820158+00	DELIVRD	\N
4	59	8613800000060	61	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.115577+00	DELIVRD	\N
4	49	8613800000050	51	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:56.540418+00	DELIVRD	\N
4	51	8613800000052	53	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.195097+00	DELIVRD	\N
4	41	8613800000042	43	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.820158+00	DELIVRD	\N
4	67	8613800000068	69	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.270828+00	DELIVRD	\N
4	44	8613800000045	46	1	1	0	2026-11-30 03:33:54.398877+00	2026-11-30 03:33:55.040003+00	DELIVRD	\N
4	83	8613800000084	85	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:55.320145+00	DELIVRD	\N
4	81	8613800000082	83	1	1	0	2026-11-30 03:33:54.560434+00	2026-11-30 03:33:57.300138+00	DELIVRD	\N
4	122	8613800000123	124	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.830563+00	DELIVRD	\N
4	104	8613800000105	106	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.035464+00	DELIVRD	\N
4	112	8613800000113	114	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.6257+00	DELIVRD	\N
4	89	8613800000090	91	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.860761+00	DELIVRD	\N
4	125	8613800000126	127	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.995262+00	DELIVRD	\N
4	118	8613800000119	120	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.240451+00	DELIVRD	\N
4	107	8613800000108	109	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.875066+00	DELIVRD	\N
4	121	8613800000122	123	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:55.530127+00	DELIVRD	\N
4	94	8613800000095	96	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.590253+00	DELIVRD	\N
4	87	8613800000088	89	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.609985+00	DELIVRD	\N
4	108	8613800000109	110	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.700472+00	DELIVRD	\N
4	91	8613800000092	93	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.864732+00	DELIVRD	\N
4	114	8613800000115	116	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.600546+00	DELIVRD	\N
4	120	8613800000121	122	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.219976+00	DELIVRD	\N
4	116	8613800000117	118	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.320657+00	DELIVRD	\N
4	97	8613800000098	99	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.595666+00	DELIVRD	\N
4	130	8613800000131	132	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.340549+00	DELIVRD	\N
4	92	8613800000093	94	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.470606+00	DELIVRD	\N
4	106	8613800000107	108	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.72548+00	DELIVRD	\N
4	90	8613800000091	92	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.180169+00	DELIVRD	\N
4	131	8613800000132	133	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.000327+00	DELIVRD	\N
4	111	8613800000112	113	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.765256+00	DELIVRD	\N
4	105	8613800000106	107	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.960698+00	DELIVRD	\N
4	115	8613800000116	117	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.76544+00	DELIVRD	\N
4	99	8613800000100	101	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.314991+00	DELIVRD	\N
4	123	8613800000124	125	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.205619+00	DELIVRD	\N
4	88	8613800000089	90	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.805211+00	DELIVRD	\N
4	85	8613800000086	87	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.691433+00	DELIVRD	\N
4	86	8613800000087	88	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.005485+00	DELIVRD	\N
4	124	8613800000125	126	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.605028+00	DELIVRD	\N
4	96	8613800000097	98	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.850349+00	DELIVRD	\N
4	100	8613800000101	102	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.420867+00	DELIVRD	\N
4	126	8613800000127	128	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.28548+00	DELIVRD	\N
4	109	8613800000110	111	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.30035+00	DELIVRD	\N
4	103	8613800000104	105	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.640631+00	DELIVRD	\N
4	101	8613800000102	103	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.285418+00	DELIVRD	\N
4	95	8613800000096	97	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.560289+00	DELIVRD	\N
4	98	8613800000099	100	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.215349+00	DELIVRD	\N
4	119	8613800000120	121	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.629996+00	DELIVRD	\N
4	127	8613800000128	129	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.024936+00	DELIVRD	\N
4	128	8613800000129	130	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.640631+00	DELIVRD	\N
4	129	8613800000130	131	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.028711+00	DELIVRD	\N
4	110	8613800000111	112	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.035048+00	DELIVRD	\N
4	132	8613800000133	134	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.44995+00	DELIVRD	\N
4	93	8613800000094	95	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:57.550557+00	DELIVRD	\N
4	117	8613800000118	119	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:56.035464+00	DELIVRD	\N
4	102	8613800000103	104	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.416423+00	DELIVRD	\N
4	113	8613800000114	115	1	1	0	2026-11-30 03:33:54.810259+00	2026-11-30 03:33:55.850349+00	DELIVRD	\N
4	135	8613800000136	137	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:55.680696+00	DELIVRD	\N
4	134	8613800000135	136	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:55.734651+00	DELIVRD	\N
4	139	8613800000140	141	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:55.950306+00	DELIVRD	\N
4	136	8613800000137	138	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:56.339949+00	DELIVRD	\N
4	133	8613800000134	135	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.028711+00	DELIVRD	\N
4	138	8613800000139	140	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.770336+00	DELIVRD	\N
4	137	8613800000138	139	1	1	0	2026-11-30 03:33:54.959571+00	2026-11-30 03:33:57.91538+00	DELIVRD	\N
5	0	8613800000001	2	1	0	0	\N	\N	\N	\N
5	1	8613800000002	3	1	0	0	\N	\N	\N	\N
5	2	8613800000003	4	1	0	0	\N	\N	\N	\N
5	3	8613800000004	5	1	0	0	\N	\N	\N	\N
5	4	8613800000005	6	1	0	0	\N	\N	\N	\N
5	5	8613800000006	7	1	0	0	\N	\N	\N	\N
5	6	8613800000007	8	1	0	0	\N	\N	\N	\N
5	7	8613800000008	9	1	0	0	\N	\N	\N	\N
5	8	8613800000009	10	1	0	0	\N	\N	\N	\N
5	9	8613800000010	11	1	0	0	\N	\N	\N	\N
5	10	8613800000011	12	1	0	0	\N	\N	\N	\N
5	11	8613800000012	13	1	0	0	\N	\N	\N	\N
5	12	8613800000013	14	1	0	0	\N	\N	\N	\N
5	13	8613800000014	15	1	0	0	\N	\N	\N	\N
5	14	8613800000015	16	1	0	0	\N	\N	\N	\N
5	15	8613800000016	17	1	0	0	\N	\N	\N	\N
5	16	8613800000017	18	1	0	0	\N	\N	\N	\N
5	17	8613800000018	19	1	0	0	\N	\N	\N	\N
5	18	8613800000019	20	1	0	0	\N	\N	\N	\N
5	19	8613800000020	21	1	0	0	\N	\N	\N	\N
5	20	8613800000021	22	1	0	0	\N	\N	\N	\N
5	21	8613800000022	23	1	0	0	\N	\N	\N	\N
5	22	8613800000023	24	1	0	0	\N	\N	\N	\N
5	23	8613800000024	25	1	0	0	\N	\N	\N	\N
5	24	8613800000025	26	1	0	0	\N	\N	\N	\N
5	25	8613800000026	27	1	0	0	\N	\N	\N	\N
5	26	8613800000027	28	1	0	0	\N	\N	\N	\N
5	27	8613800000028	29	1	0	0	\N	\N	\N	\N
5	28	8613800000029	30	1	0	0	\N	\N	\N	\N
5	29	8613800000030	31	1	0	0	\N	\N	\N	\N
5	30	8613800000031	32	1	0	0	\N	\N	\N	\N
5	31	8613800000032	33	1	0	0	\N	\N	\N	\N
5	32	8613800000033	34	1	0	0	\N	\N	\N	\N
5	33	8613800000034	35	1	0	0	\N	\N	\N	\N
5	34	8613800000035	36	1	0	0	\N	\N	\N	\N
5	35	8613800000036	37	1	0	0	\N	\N	\N	\N
5	36	8613800000037	38	1	0	0	\N	\N	\N	\N
5	37	8613800000038	39	1	0	0	\N	\N	\N	\N
5	38	8613800000039	40	1	0	0	\N	\N	\N	\N
5	39	8613800000040	41	1	0	0	\N	\N	\N	\N
5	40	8613800000041	42	1	0	0	\N	\N	\N	\N
5	41	8613800000042	43	1	0	0	\N	\N	\N	\N
5	42	8613800000043	44	1	0	0	\N	\N	\N	\N
5	43	8613800000044	45	1	0	0	\N	\N	\N	\N
5	44	8613800000045	46	1	0	0	\N	\N	\N	\N
5	45	8613800000046	47	1	0	0	\N	\N	\N	\N
5	46	8613800000047	48	1	0	0	\N	\N	\N	\N
5	47	8613800000048	49	1	0	0	\N	\N	\N	\N
5	48	8613800000049	50	1	0	0	\N	\N	\N	\N
5	49	8613800000050	51	1	0	0	\N	\N	\N	\N
5	50	8613800000051	52	1	0	0	\N	\N	\N	\N
5	51	8613800000052	53	1	0	0	\N	\N	\N	\N
5	52	8613800000053	54	1	0	0	\N	\N	\N	\N
5	53	8613800000054	55	1	0	0	\N	\N	\N	\N
5	54	8613800000055	56	1	0	0	\N	\N	\N	\N
5	55	8613800000056	57	1	0	0	\N	\N	\N	\N
5	56	8613800000057	58	1	0	0	\N	\N	\N	\N
5	57	8613800000058	59	1	0	0	\N	\N	\N	\N
5	58	8613800000059	60	1	0	0	\N	\N	\N	\N
5	59	8613800000060	61	1	0	0	\N	\N	\N	\N
5	60	8613800000061	62	1	0	0	\N	\N	\N	\N
5	61	8613800000062	63	1	0	0	\N	\N	\N	\N
5	62	8613800000063	64	1	0	0	\N	\N	\N	\N
5	63	8613800000064	65	1	0	0	\N	\N	\N	\N
5	64	8613800000065	66	1	0	0	\N	\N	\N	\N
5	65	8613800000066	67	1	0	0	\N	\N	\N	\N
5	66	8613800000067	68	1	0	0	\N	\N	\N	\N
5	67	8613800000068	69	1	0	0	\N	\N	\N	\N
5	68	8613800000069	70	1	0	0	\N	\N	\N	\N
5	69	8613800000070	71	1	0	0	\N	\N	\N	\N
5	70	8613800000071	72	1	0	0	\N	\N	\N	\N
5	71	8613800000072	73	1	0	0	\N	\N	\N	\N
5	72	8613800000073	74	1	0	0	\N	\N	\N	\N
5	73	8613800000074	75	1	0	0	\N	\N	\N	\N
5	74	8613800000075	76	1	0	0	\N	\N	\N	\N
5	75	8613800000076	77	1	0	0	\N	\N	\N	\N
5	76	8613800000077	78	1	0	0	\N	\N	\N	\N
5	77	8613800000078	79	1	0	0	\N	\N	\N	\N
5	78	8613800000079	80	1	0	0	\N	\N	\N	\N
5	79	8613800000080	81	1	0	0	\N	\N	\N	\N
5	80	8613800000081	82	1	0	0	\N	\N	\N	\N
5	81	8613800000082	83	1	0	0	\N	\N	\N	\N
5	82	8613800000083	84	1	0	0	\N	\N	\N	\N
5	83	8613800000084	85	1	0	0	\N	\N	\N	\N
5	84	8613800000085	86	1	0	0	\N	\N	\N	\N
5	85	8613800000086	87	1	0	0	\N	\N	\N	\N
5	86	8613800000087	88	1	0	0	\N	\N	\N	\N
5	87	8613800000088	89	1	0	0	\N	\N	\N	\N
5	88	8613800000089	90	1	0	0	\N	\N	\N	\N
5	89	8613800000090	91	1	0	0	\N	\N	\N	\N
5	90	8613800000091	92	1	0	0	\N	\N	\N	\N
5	91	8613800000092	93	1	0	0	\N	\N	\N	\N
5	92	8613800000093	94	1	0	0	\N	\N	\N	\N
5	93	8613800000094	95	1	0	0	\N	\N	\N	\N
5	94	8613800000095	96	1	0	0	\N	\N	\N	\N
5	95	8613800000096	97	1	0	0	\N	\N	\N	\N
5	96	8613800000097	98	1	0	0	\N	\N	\N	\N
5	97	8613800000098	99	1	0	0	\N	\N	\N	\N
5	98	8613800000099	100	1	0	0	\N	\N	\N	\N
5	99	8613800000100	101	1	0	0	\N	\N	\N	\N
5	100	8613800000101	102	1	0	0	\N	\N	\N	\N
5	101	8613800000102	103	1	0	0	\N	\N	\N	\N
5	102	8613800000103	104	1	0	0	\N	\N	\N	\N
5	103	8613800000104	105	1	0	0	\N	\N	\N	\N
5	104	8613800000105	106	1	0	0	\N	\N	\N	\N
5	105	8613800000106	107	1	0	0	\N	\N	\N	\N
5	106	8613800000107	108	1	0	0	\N	\N	\N	\N
5	107	8613800000108	109	1	0	0	\N	\N	\N	\N
5	108	8613800000109	110	1	0	0	\N	\N	\N	\N
5	109	8613800000110	111	1	0	0	\N	\N	\N	\N
5	110	8613800000111	112	1	0	0	\N	\N	\N	\N
5	111	8613800000112	113	1	0	0	\N	\N	\N	\N
5	112	8613800000113	114	1	0	0	\N	\N	\N	\N
5	113	8613800000114	115	1	0	0	\N	\N	\N	\N
5	114	8613800000115	116	1	0	0	\N	\N	\N	\N
5	115	8613800000116	117	1	0	0	\N	\N	\N	\N
5	116	8613800000117	118	1	0	0	\N	\N	\N	\N
5	117	8613800000118	119	1	0	0	\N	\N	\N	\N
5	118	8613800000119	120	1	0	0	\N	\N	\N	\N
5	119	8613800000120	121	1	0	0	\N	\N	\N	\N
5	120	8613800000121	122	1	0	0	\N	\N	\N	\N
5	121	8613800000122	123	1	0	0	\N	\N	\N	\N
5	122	8613800000123	124	1	0	0	\N	\N	\N	\N
5	123	8613800000124	125	1	0	0	\N	\N	\N	\N
5	124	8613800000125	126	1	0	0	\N	\N	\N	\N
5	125	8613800000126	127	1	0	0	\N	\N	\N	\N
5	126	8613800000127	128	1	0	0	\N	\N	\N	\N
5	127	8613800000128	129	1	0	0	\N	\N	\N	\N
5	128	8613800000129	130	1	0	0	\N	\N	\N	\N
5	129	8613800000130	131	1	0	0	\N	\N	\N	\N
5	130	8613800000131	132	1	0	0	\N	\N	\N	\N
5	131	8613800000132	133	1	0	0	\N	\N	\N	\N
5	132	8613800000133	134	1	0	0	\N	\N	\N	\N
5	133	8613800000134	135	1	0	0	\N	\N	\N	\N
5	134	8613800000135	136	1	0	0	\N	\N	\N	\N
5	135	8613800000136	137	1	0	0	\N	\N	\N	\N
5	136	8613800000137	138	1	0	0	\N	\N	\N	\N
5	137	8613800000138	139	1	0	0	\N	\N	\N	\N
5	138	8613800000139	140	1	0	0	\N	\N	\N	\N
5	139	8613800000140	141	1	0	0	\N	\N	\N	\N
6	0	8613800000001	2	1	0	0	\N	\N	\N	\N
6	1	8613800000002	3	1	0	0	\N	\N	\N	\N
6	2	8613800000003	4	1	0	0	\N	\N	\N	\N
6	3	8613800000004	5	1	0	0	\N	\N	\N	\N
6	4	8613800000005	6	1	0	0	\N	\N	\N	\N
6	5	8613800000006	7	1	0	0	\N	\N	\N	\N
6	6	8613800000007	8	1	0	0	\N	\N	\N	\N
6	7	8613800000008	9	1	0	0	\N	\N	\N	\N
6	8	8613800000009	10	1	0	0	\N	\N	\N	\N
6	9	8613800000010	11	1	0	0	\N	\N	\N	\N
6	10	8613800000011	12	1	0	0	\N	\N	\N	\N
6	11	8613800000012	13	1	0	0	\N	\N	\N	\N
6	12	8613800000013	14	1	0	0	\N	\N	\N	\N
6	13	8613800000014	15	1	0	0	\N	\N	\N	\N
6	14	8613800000015	16	1	0	0	\N	\N	\N	\N
6	15	8613800000016	17	1	0	0	\N	\N	\N	\N
6	16	8613800000017	18	1	0	0	\N	\N	\N	\N
6	17	8613800000018	19	1	0	0	\N	\N	\N	\N
6	18	8613800000019	20	1	0	0	\N	\N	\N	\N
6	19	8613800000020	21	1	0	0	\N	\N	\N	\N
6	20	8613800000021	22	1	0	0	\N	\N	\N	\N
6	21	8613800000022	23	1	0	0	\N	\N	\N	\N
6	22	8613800000023	24	1	0	0	\N	\N	\N	\N
6	23	8613800000024	25	1	0	0	\N	\N	\N	\N
6	24	8613800000025	26	1	0	0	\N	\N	\N	\N
6	25	8613800000026	27	1	0	0	\N	\N	\N	\N
6	26	8613800000027	28	1	0	0	\N	\N	\N	\N
6	27	8613800000028	29	1	0	0	\N	\N	\N	\N
6	28	8613800000029	30	1	0	0	\N	\N	\N	\N
6	29	8613800000030	31	1	0	0	\N	\N	\N	\N
6	30	8613800000031	32	1	0	0	\N	\N	\N	\N
6	31	8613800000032	33	1	0	0	\N	\N	\N	\N
6	32	8613800000033	34	1	0	0	\N	\N	\N	\N
6	33	8613800000034	35	1	0	0	\N	\N	\N	\N
6	34	8613800000035	36	1	0	0	\N	\N	\N	\N
6	35	8613800000036	37	1	0	0	\N	\N	\N	\N
6	36	8613800000037	38	1	0	0	\N	\N	\N	\N
6	37	8613800000038	39	1	0	0	\N	\N	\N	\N
6	38	8613800000039	40	1	0	0	\N	\N	\N	\N
6	39	8613800000040	41	1	0	0	\N	\N	\N	\N
6	40	8613800000041	42	1	0	0	\N	\N	\N	\N
6	41	8613800000042	43	1	0	0	\N	\N	\N	\N
6	42	8613800000043	44	1	0	0	\N	\N	\N	\N
6	43	8613800000044	45	1	0	0	\N	\N	\N	\N
6	44	8613800000045	46	1	0	0	\N	\N	\N	\N
6	45	8613800000046	47	1	0	0	\N	\N	\N	\N
6	46	8613800000047	48	1	0	0	\N	\N	\N	\N
6	47	8613800000048	49	1	0	0	\N	\N	\N	\N
6	48	8613800000049	50	1	0	0	\N	\N	\N	\N
6	49	8613800000050	51	1	0	0	\N	\N	\N	\N
6	50	8613800000051	52	1	0	0	\N	\N	\N	\N
6	51	8613800000052	53	1	0	0	\N	\N	\N	\N
6	52	8613800000053	54	1	0	0	\N	\N	\N	\N
6	53	8613800000054	55	1	0	0	\N	\N	\N	\N
6	54	8613800000055	56	1	0	0	\N	\N	\N	\N
6	55	8613800000056	57	1	0	0	\N	\N	\N	\N
6	56	8613800000057	58	1	0	0	\N	\N	\N	\N
6	57	8613800000058	59	1	0	0	\N	\N	\N	\N
6	58	8613800000059	60	1	0	0	\N	\N	\N	\N
6	59	8613800000060	61	1	0	0	\N	\N	\N	\N
6	60	8613800000061	62	1	0	0	\N	\N	\N	\N
6	61	8613800000062	63	1	0	0	\N	\N	\N	\N
6	62	8613800000063	64	1	0	0	\N	\N	\N	\N
6	63	8613800000064	65	1	0	0	\N	\N	\N	\N
6	64	8613800000065	66	1	0	0	\N	\N	\N	\N
6	65	8613800000066	67	1	0	0	\N	\N	\N	\N
6	66	8613800000067	68	1	0	0	\N	\N	\N	\N
6	67	8613800000068	69	1	0	0	\N	\N	\N	\N
6	68	8613800000069	70	1	0	0	\N	\N	\N	\N
6	69	8613800000070	71	1	0	0	\N	\N	\N	\N
6	70	8613800000071	72	1	0	0	\N	\N	\N	\N
6	71	8613800000072	73	1	0	0	\N	\N	\N	\N
6	72	8613800000073	74	1	0	0	\N	\N	\N	\N
6	73	8613800000074	75	1	0	0	\N	\N	\N	\N
6	74	8613800000075	76	1	0	0	\N	\N	\N	\N
6	75	8613800000076	77	1	0	0	\N	\N	\N	\N
6	76	8613800000077	78	1	0	0	\N	\N	\N	\N
6	77	8613800000078	79	1	0	0	\N	\N	\N	\N
6	78	8613800000079	80	1	0	0	\N	\N	\N	\N
6	79	8613800000080	81	1	0	0	\N	\N	\N	\N
6	80	8613800000081	82	1	0	0	\N	\N	\N	\N
6	81	8613800000082	83	1	0	0	\N	\N	\N	\N
6	82	8613800000083	84	1	0	0	\N	\N	\N	\N
6	83	8613800000084	85	1	0	0	\N	\N	\N	\N
6	84	8613800000085	86	1	0	0	\N	\N	\N	\N
6	85	8613800000086	87	1	0	0	\N	\N	\N	\N
6	86	8613800000087	88	1	0	0	\N	\N	\N	\N
6	87	8613800000088	89	1	0	0	\N	\N	\N	\N
6	88	8613800000089	90	1	0	0	\N	\N	\N	\N
6	89	8613800000090	91	1	0	0	\N	\N	\N	\N
6	90	8613800000091	92	1	0	0	\N	\N	\N	\N
6	91	8613800000092	93	1	0	0	\N	\N	\N	\N
6	92	8613800000093	94	1	0	0	\N	\N	\N	\N
6	93	8613800000094	95	1	0	0	\N	\N	\N	\N
6	94	8613800000095	96	1	0	0	\N	\N	\N	\N
6	95	8613800000096	97	1	0	0	\N	\N	\N	\N
6	96	8613800000097	98	1	0	0	\N	\N	\N	\N
6	97	8613800000098	99	1	0	0	\N	\N	\N	\N
6	98	8613800000099	100	1	0	0	\N	\N	\N	\N
6	99	8613800000100	101	1	0	0	\N	\N	\N	\N
6	100	8613800000101	102	1	0	0	\N	\N	\N	\N
6	101	8613800000102	103	1	0	0	\N	\N	\N	\N
6	102	8613800000103	104	1	0	0	\N	\N	\N	\N
6	103	8613800000104	105	1	0	0	\N	\N	\N	\N
6	104	8613800000105	106	1	0	0	\N	\N	\N	\N
6	105	8613800000106	107	1	0	0	\N	\N	\N	\N
6	106	8613800000107	108	1	0	0	\N	\N	\N	\N
6	107	8613800000108	109	1	0	0	\N	\N	\N	\N
6	108	8613800000109	110	1	0	0	\N	\N	\N	\N
6	109	8613800000110	111	1	0	0	\N	\N	\N	\N
6	110	8613800000111	112	1	0	0	\N	\N	\N	\N
6	111	8613800000112	113	1	0	0	\N	\N	\N	\N
6	112	8613800000113	114	1	0	0	\N	\N	\N	\N
6	113	8613800000114	115	1	0	0	\N	\N	\N	\N
6	114	8613800000115	116	1	0	0	\N	\N	\N	\N
6	115	8613800000116	117	1	0	0	\N	\N	\N	\N
6	116	8613800000117	118	1	0	0	\N	\N	\N	\N
6	117	8613800000118	119	1	0	0	\N	\N	\N	\N
6	118	8613800000119	120	1	0	0	\N	\N	\N	\N
6	119	8613800000120	121	1	0	0	\N	\N	\N	\N
6	120	8613800000121	122	1	0	0	\N	\N	\N	\N
6	121	8613800000122	123	1	0	0	\N	\N	\N	\N
6	122	8613800000123	124	1	0	0	\N	\N	\N	\N
6	123	8613800000124	125	1	0	0	\N	\N	\N	\N
6	124	8613800000125	126	1	0	0	\N	\N	\N	\N
6	125	8613800000126	127	1	0	0	\N	\N	\N	\N
6	126	8613800000127	128	1	0	0	\N	\N	\N	\N
6	127	8613800000128	129	1	0	0	\N	\N	\N	\N
6	128	8613800000129	130	1	0	0	\N	\N	\N	\N
6	129	8613800000130	131	1	0	0	\N	\N	\N	\N
6	130	8613800000131	132	1	0	0	\N	\N	\N	\N
6	131	8613800000132	133	1	0	0	\N	\N	\N	\N
6	132	8613800000133	134	1	0	0	\N	\N	\N	\N
6	133	8613800000134	135	1	0	0	\N	\N	\N	\N
6	134	8613800000135	136	1	0	0	\N	\N	\N	\N
6	135	8613800000136	137	1	0	0	\N	\N	\N	\N
6	136	8613800000137	138	1	0	0	\N	\N	\N	\N
6	137	8613800000138	139	1	0	0	\N	\N	\N	\N
6	138	8613800000139	140	1	0	0	\N	\N	\N	\N
6	139	8613800000140	141	1	0	0	\N	\N	\N	\N
\.


--
-- Data for Name: moved_chunk; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.moved_chunk (task_id, n, at, from_carrier, to_carrier, begun, reason) FROM stdin;
\.


--
-- Data for Name: orphan; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.orphan (id, carrier_id, kind, message_id, number, code, result, raw, received_at, tries, retry_at, matched_at) FROM stdin;
1	1	reply	\N	8613800000009	\N	\N	STOP	2026-11-30 03:33:57.13664+00	0	\N	\N
\.


--
-- Data for Name: otp_static_staticdevice; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.otp_static_staticdevice (id, name, confirmed, user_id, throttling_failure_count, throttling_failure_timestamp, created_at, last_used_at) FROM stdin;
\.


--
-- Data for Name: otp_static_statictoken; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.otp_static_statictoken (id, token, device_id) FROM stdin;
\.


--
-- Data for Name: otp_totp_totpdevice; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.otp_totp_totpdevice (id, name, confirmed, key, step, t0, digits, tolerance, drift, last_t, user_id, throttling_failure_count, throttling_failure_timestamp, created_at, last_used_at) FROM stdin;
\.


--
-- Data for Name: package; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.package (id, name, type, region, remaining, held, expires_at, created_at, account_id) FROM stdin;
\.


--
-- Data for Name: package_use; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.package_use (id, held, used, charge_id, package_id) FROM stdin;
\.


--
-- Data for Name: part_p0; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.part_p0 (task_id, seq, part, result, submitted_at, reported_at, code) FROM stdin;
1	88	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.117275+00	DELIVRD
1	8	1	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.154696+00	DELIVRD
1	98	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.255822+00	DELIVRD
1	178	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.296822+00	DELIVRD
1	98	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.445597+00	DELIVRD
1	168	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.560815+00	DELIVRD
1	88	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.578353+00	DELIVRD
1	128	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:42.902481+00	DELIVRD
1	18	2	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:42.996097+00	DELIVRD
1	178	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.011919+00	DELIVRD
1	138	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.065458+00	DELIVRD
1	108	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.101052+00	DELIVRD
1	38	1	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.116801+00	DELIVRD
1	68	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.150948+00	DELIVRD
1	28	1	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.190979+00	DELIVRD
1	158	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.36093+00	DELIVRD
1	148	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.38104+00	DELIVRD
1	48	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.471011+00	DELIVRD
1	48	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.495903+00	DELIVRD
1	118	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.545309+00	DELIVRD
1	38	2	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.635622+00	DELIVRD
1	128	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.645618+00	DELIVRD
1	118	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.710105+00	DELIVRD
1	138	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.721708+00	DELIVRD
1	78	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.735552+00	DELIVRD
1	28	2	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:43.755638+00	DELIVRD
1	68	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.911207+00	DELIVRD
1	58	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:43.995996+00	DELIVRD
1	78	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.09142+00	DELIVRD
1	8	2	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.115393+00	DELIVRD
1	168	2	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.281249+00	DELIVRD
1	108	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.385974+00	DELIVRD
1	58	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.456107+00	DELIVRD
1	18	1	1	2026-11-30 03:33:41.596371+00	2026-11-30 03:33:44.520222+00	DELIVRD
1	158	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.520222+00	DELIVRD
1	148	1	1	2026-11-30 03:33:41.60389+00	2026-11-30 03:33:44.58681+00	DELIVRD
\.


--
-- Data for Name: place; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.place (key, machine, folder, server, database, host, noted_by, ran, noted_at) FROM stdin;
recorded	recorded	/var/lib/sendmill	recorded	sendmill	recorded	recorded	t	2026-11-30 03:33:39.253823+00
\.


--
-- Data for Name: price; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.price (id, type, region, price, valid_from, account_id) FROM stdin;
1	verification	*	0.099000	2024-01-01	1
2	verification	AU	0.045500	2024-01-01	1
3	verification	CN	0.035000	2024-01-01	1
4	verification	DE	0.082500	2024-01-01	1
5	verification	FR	0.069000	2024-01-01	1
6	verification	GB	0.042000	2024-01-01	1
7	verification	HK	0.056000	2024-01-01	1
8	verification	IN	0.039000	2024-01-01	1
9	verification	JP	0.074000	2024-01-01	1
10	verification	SG	0.041000	2024-01-01	1
11	verification	US	0.007900	2024-01-01	1
12	notification	*	0.099000	2024-01-01	1
13	notification	AU	0.045500	2024-01-01	1
14	notification	CN	0.035000	2024-01-01	1
15	notification	DE	0.082500	2024-01-01	1
16	notification	FR	0.069000	2024-01-01	1
17	notification	GB	0.042000	2024-01-01	1
18	notification	HK	0.056000	2024-01-01	1
19	notification	IN	0.039000	2024-01-01	1
20	notification	JP	0.074000	2024-01-01	1
21	notification	SG	0.041000	2024-01-01	1
22	notification	US	0.007900	2024-01-01	1
23	promotion	*	0.099000	2024-01-01	1
24	promotion	AU	0.045500	2024-01-01	1
25	promotion	CN	0.035000	2024-01-01	1
26	promotion	DE	0.082500	2024-01-01	1
27	promotion	FR	0.069000	2024-01-01	1
28	promotion	GB	0.042000	2024-01-01	1
29	promotion	HK	0.056000	2024-01-01	1
30	promotion	IN	0.039000	2024-01-01	1
31	promotion	JP	0.074000	2024-01-01	1
32	promotion	SG	0.041000	2024-01-01	1
33	promotion	US	0.007900	2024-01-01	1
\.


--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.procrastinate_events (id, job_id, type, at) FROM stdin;
\.


--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.procrastinate_jobs (id, queue_name, task_name, lock, args, status, scheduled_at, attempts, queueing_lock, priority, abort_requested, worker_id) FROM stdin;
\.


--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.procrastinate_periodic_defers (id, task_name, defer_timestamp, job_id, periodic_id) FROM stdin;
\.


--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.procrastinate_workers (id, last_heartbeat) FROM stdin;
\.


--
-- Data for Name: recent_send; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.recent_send (account_id, number, task_id, type, content, at) FROM stdin;
1	8613800000001	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000002	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000003	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000004	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000005	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000006	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000007	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000008	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000009	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000010	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000011	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000012	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000013	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000014	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000015	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000016	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000017	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000018	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000019	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000020	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000021	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000022	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000023	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000024	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000025	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000026	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000027	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000028	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000029	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000030	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000031	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000032	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000033	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000034	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000035	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000036	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000037	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000038	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000039	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000040	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000041	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000042	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000043	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000044	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000045	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000046	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000047	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000048	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000049	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000050	4	2	3726569372904977523	2026-11-30 03:33:54.390186+00
1	8613800000051	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000052	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000053	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000054	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000055	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000056	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000057	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000058	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000059	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000060	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000061	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000062	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000063	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000064	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000065	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000066	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000067	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000068	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000069	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000070	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000071	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000072	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000073	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000074	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000075	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000076	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000077	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000078	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000079	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000080	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000081	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000082	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000083	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000084	4	2	3726569372904977523	2026-11-30 03:33:54.405531+00
1	8613800000085	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000086	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000087	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000088	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000089	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000090	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000091	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000092	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000093	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000094	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000095	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000096	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000097	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000098	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000099	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000100	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000101	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000102	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000103	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000104	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000105	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000106	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000107	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000108	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000109	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000110	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000111	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000112	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000113	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000114	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000115	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000116	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000117	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000118	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000119	4	2	3726569372904977523	2026-11-30 03:33:54.563317+00
1	8613800000120	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000121	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000122	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000123	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000124	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000125	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000126	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000127	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000128	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000129	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000130	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000131	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000132	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000133	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000134	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000135	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000136	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000137	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000138	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000139	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
1	8613800000140	4	2	3726569372904977523	2026-11-30 03:33:54.812731+00
\.


--
-- Data for Name: report; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.report (task_id, seq, part, digest, kind, carrier_id, message_id, code, result, raw, received_at) FROM stdin;
4	6	0	-1605363817925365746	report	1	1796009618477199	UNDELIV	2	id:1796009618477199 sub:001 dlvrd:000 submit date:2611300333 done date:2611300333 stat:UNDELIV err:001 text:	2026-11-30 03:33:54.948388+00
4	2	0	-5575742198008181408	report	1	1796009618477197	REJECTD	2	id:1796009618477197 sub:001 dlvrd:000 submit date:2611300333 done date:2611300333 stat:REJECTD err:008 text:	2026-11-30 03:33:54.952698+00
4	1	0	-3702103231920068730	report	1	1796009618477196	EXPIRED	2	id:1796009618477196 sub:001 dlvrd:000 submit date:2611300333 done date:2611300333 stat:EXPIRED err:027 text:	2026-11-30 03:33:55.14019+00
4	0	0	7088667125550050925	report	1	1796009618477195	UNDELIV	2	id:1796009618477195 sub:001 dlvrd:000 submit date:2611300333 done date:2611300333 stat:UNDELIV err:001 text:	2026-11-30 03:33:56.716734+00
\.


--
-- Data for Name: route; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.route (id, type, prefix, "position", created_at, account_id, application_id, carrier_id) FROM stdin;
\.


--
-- Data for Name: sender; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.sender (id, host, pid, started_at, run, place, verified_at, postmaster, ended_at) FROM stdin;
1	recorded	28675	2026-11-30 03:33:39.238354+00	13e3020b-8155-462d-81c0-3bf35a995366	recorded	2026-11-30 03:33:39.256729+00	2026-11-30 03:33:34.186917+00	2026-11-30 03:34:06.258398+00
\.


--
-- Data for Name: signature; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.signature (id, state, reason, created_at, name, type, channel_number, account_id, application_id, created_by_id, submitted_by_id) FROM stdin;
1	approved		2026-11-30 03:33:37.57806+00	示例	verification	1069000001	1	2	2	2
2	approved		2026-11-30 03:33:37.590185+00	示例	notification	1069000002	1	2	2	2
3	approved		2026-11-30 03:33:37.600948+00	示例	promotion	1069000003	1	2	2	2
\.


--
-- Data for Name: stamp; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.stamp (run, lane, count) FROM stdin;
13e3020b-8155-462d-81c0-3bf35a995366	0	0
13e3020b-8155-462d-81c0-3bf35a995366	2	2
13e3020b-8155-462d-81c0-3bf35a995366	1	4
\.


--
-- Data for Name: store; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.store (one, id, created_at) FROM stdin;
t	fa6905ef-b3a9-4235-903e-10a453df11c6	2026-11-30 03:33:35.639321+00
\.


--
-- Data for Name: submission_20261129; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.submission_20261129 (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) FROM stdin;
\.


--
-- Data for Name: submission_20261130; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.submission_20261130 (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) FROM stdin;
-3661637518478988783	1	0	0	1	1796009618476997	2026-11-30 03:33:41.596371+00
1945184550869971592	1	1	0	1	1796009618476998	2026-11-30 03:33:41.596371+00
-3265635142600193285	1	2	0	1	1796009618476999	2026-11-30 03:33:41.596371+00
-8422560320231263705	1	3	0	1	1796009618477000	2026-11-30 03:33:41.596371+00
5911619259594500627	1	4	0	1	1796009618477001	2026-11-30 03:33:41.596371+00
7335162349916761278	1	5	0	1	1796009618477002	2026-11-30 03:33:41.596371+00
-5336358006260776660	1	6	0	1	1796009618477003	2026-11-30 03:33:41.596371+00
-8949978930574380655	1	7	0	1	1796009618477004	2026-11-30 03:33:41.596371+00
-8274869498570848618	1	8	1	1	1796009618477005	2026-11-30 03:33:41.596371+00
-8242039138017135629	1	8	2	1	1796009618477006	2026-11-30 03:33:41.596371+00
-3419245639405648366	1	9	0	1	1796009618477007	2026-11-30 03:33:41.596371+00
-8055276897116677335	1	10	0	1	1796009618477008	2026-11-30 03:33:41.596371+00
-5034232143482698767	1	11	0	1	1796009618477009	2026-11-30 03:33:41.596371+00
610009273399540698	1	12	0	1	1796009618477010	2026-11-30 03:33:41.596371+00
5646018035229463703	1	13	0	1	1796009618477011	2026-11-30 03:33:41.596371+00
6630805494533888488	1	14	0	1	1796009618477012	2026-11-30 03:33:41.596371+00
2238736318797792079	1	15	0	1	1796009618477013	2026-11-30 03:33:41.596371+00
867974351705870745	1	16	0	1	1796009618477014	2026-11-30 03:33:41.596371+00
-1624711586873543333	1	17	0	1	1796009618477015	2026-11-30 03:33:41.596371+00
-809759288095945134	1	18	1	1	1796009618477016	2026-11-30 03:33:41.596371+00
4192308794975942362	1	18	2	1	1796009618477017	2026-11-30 03:33:41.596371+00
6814498761587538903	1	19	0	1	1796009618477018	2026-11-30 03:33:41.596371+00
5006087287809970277	1	20	0	1	1796009618477019	2026-11-30 03:33:41.596371+00
8054640541449800201	1	21	0	1	1796009618477020	2026-11-30 03:33:41.596371+00
-5193821083711493843	1	22	0	1	1796009618477021	2026-11-30 03:33:41.596371+00
-4490438292702734756	1	23	0	1	1796009618477022	2026-11-30 03:33:41.596371+00
1934922226373632892	1	24	0	1	1796009618477023	2026-11-30 03:33:41.596371+00
8716552735943744621	1	25	0	1	1796009618477024	2026-11-30 03:33:41.596371+00
-3252011376761020373	1	26	0	1	1796009618477025	2026-11-30 03:33:41.596371+00
-410331262222057357	1	27	0	1	1796009618477026	2026-11-30 03:33:41.596371+00
-4209335928147787367	1	28	1	1	1796009618477027	2026-11-30 03:33:41.596371+00
-4188146191444334149	1	28	2	1	1796009618477028	2026-11-30 03:33:41.596371+00
3415093645431734016	1	29	0	1	1796009618477029	2026-11-30 03:33:41.596371+00
6516195066340277652	1	30	0	1	1796009618477030	2026-11-30 03:33:41.596371+00
-8532194524112964898	1	31	0	1	1796009618477031	2026-11-30 03:33:41.596371+00
-6120005856581811033	1	32	0	1	1796009618477032	2026-11-30 03:33:41.596371+00
7946165710490660682	1	33	0	1	1796009618477033	2026-11-30 03:33:41.596371+00
8582613189846568561	1	34	0	1	1796009618477034	2026-11-30 03:33:41.596371+00
-7195359655747443257	1	35	0	1	1796009618477035	2026-11-30 03:33:41.596371+00
7044719969726406252	1	36	0	1	1796009618477036	2026-11-30 03:33:41.596371+00
-5968371359435029550	1	37	0	1	1796009618477037	2026-11-30 03:33:41.596371+00
-4347513162940051851	1	38	1	1	1796009618477038	2026-11-30 03:33:41.596371+00
-1670728659722367818	1	38	2	1	1796009618477039	2026-11-30 03:33:41.596371+00
-4397802865521189667	1	39	0	1	1796009618477040	2026-11-30 03:33:41.596371+00
-1501755066057142548	1	40	0	1	1796009618477041	2026-11-30 03:33:41.596371+00
1198664255389017938	1	41	0	1	1796009618477042	2026-11-30 03:33:41.596371+00
8195533436911283643	1	42	0	1	1796009618477043	2026-11-30 03:33:41.596371+00
-2403200717280642441	1	43	0	1	1796009618477044	2026-11-30 03:33:41.596371+00
437018544610873239	1	44	0	1	1796009618477045	2026-11-30 03:33:41.596371+00
5144457613342872319	1	45	0	1	1796009618477046	2026-11-30 03:33:41.596371+00
7546522603399504841	1	46	0	1	1796009618477047	2026-11-30 03:33:41.60389+00
3104163513530310978	1	47	0	1	1796009618477048	2026-11-30 03:33:41.60389+00
5927199551939598590	1	48	1	1	1796009618477049	2026-11-30 03:33:41.60389+00
-6966501589546273136	1	48	2	1	1796009618477050	2026-11-30 03:33:41.60389+00
-1268437223292670564	1	49	0	1	1796009618477051	2026-11-30 03:33:41.60389+00
578103546756863335	1	50	0	1	1796009618477052	2026-11-30 03:33:41.60389+00
-3157997078955617354	1	51	0	1	1796009618477053	2026-11-30 03:33:41.60389+00
-3755991073750264529	1	52	0	1	1796009618477054	2026-11-30 03:33:41.60389+00
-2214599626242633417	1	53	0	1	1796009618477055	2026-11-30 03:33:41.60389+00
-5841326637186170378	1	54	0	1	1796009618477056	2026-11-30 03:33:41.60389+00
-3253060486416525900	1	55	0	1	1796009618477057	2026-11-30 03:33:41.60389+00
1769446959320467265	1	56	0	1	1796009618477058	2026-11-30 03:33:41.60389+00
4432089573900070874	1	57	0	1	1796009618477059	2026-11-30 03:33:41.60389+00
1649043599362586298	1	58	1	1	1796009618477060	2026-11-30 03:33:41.60389+00
5766514924679333405	1	58	2	1	1796009618477061	2026-11-30 03:33:41.60389+00
7889481415353721243	1	59	0	1	1796009618477062	2026-11-30 03:33:41.60389+00
-5281287394573082591	1	60	0	1	1796009618477063	2026-11-30 03:33:41.60389+00
3733957433930653198	1	61	0	1	1796009618477064	2026-11-30 03:33:41.60389+00
5392304985480436126	1	62	0	1	1796009618477065	2026-11-30 03:33:41.60389+00
-7748274024049286574	1	63	0	1	1796009618477066	2026-11-30 03:33:41.60389+00
-4727597433890500895	1	64	0	1	1796009618477067	2026-11-30 03:33:41.60389+00
9223102752500469527	1	65	0	1	1796009618477068	2026-11-30 03:33:41.60389+00
-6403241873011459030	1	66	0	1	1796009618477069	2026-11-30 03:33:41.60389+00
-746881448102223411	1	67	0	1	1796009618477070	2026-11-30 03:33:41.60389+00
4805442544779976781	1	68	1	1	1796009618477071	2026-11-30 03:33:41.60389+00
6079205714015297227	1	68	2	1	1796009618477072	2026-11-30 03:33:41.60389+00
2915889363193702559	1	69	0	1	1796009618477073	2026-11-30 03:33:41.60389+00
1173156356655536231	1	70	0	1	1796009618477074	2026-11-30 03:33:41.60389+00
3867959720303678246	1	71	0	1	1796009618477075	2026-11-30 03:33:41.60389+00
-293224572089821508	1	72	0	1	1796009618477076	2026-11-30 03:33:41.60389+00
2831748367370181042	1	73	0	1	1796009618477077	2026-11-30 03:33:41.60389+00
6547497135321237882	1	74	0	1	1796009618477078	2026-11-30 03:33:41.60389+00
-9022184000072041342	1	75	0	1	1796009618477079	2026-11-30 03:33:41.60389+00
6713226283596632183	1	76	0	1	1796009618477080	2026-11-30 03:33:41.60389+00
-6606903530690244978	1	77	0	1	1796009618477081	2026-11-30 03:33:41.60389+00
-5049571866602859027	1	78	1	1	1796009618477082	2026-11-30 03:33:41.60389+00
868825737206059467	1	78	2	1	1796009618477083	2026-11-30 03:33:41.60389+00
8638044764898253381	1	79	0	1	1796009618477084	2026-11-30 03:33:41.60389+00
-6971879737654580351	1	80	0	1	1796009618477085	2026-11-30 03:33:41.60389+00
-9106380424907340593	1	81	0	1	1796009618477086	2026-11-30 03:33:41.60389+00
199570798515256221	1	82	0	1	1796009618477087	2026-11-30 03:33:41.60389+00
-4447570004438187907	1	83	0	1	1796009618477088	2026-11-30 03:33:41.60389+00
-1482820163199056668	1	84	0	1	1796009618477089	2026-11-30 03:33:41.60389+00
6516095169007948631	1	85	0	1	1796009618477090	2026-11-30 03:33:41.60389+00
-8605840805313140904	1	86	0	1	1796009618477091	2026-11-30 03:33:41.60389+00
3618770121196398825	1	87	0	1	1796009618477092	2026-11-30 03:33:41.60389+00
7881537699798034944	1	88	1	1	1796009618477093	2026-11-30 03:33:41.60389+00
390375417441400962	1	88	2	1	1796009618477094	2026-11-30 03:33:41.60389+00
4273502326910874875	1	89	0	1	1796009618477095	2026-11-30 03:33:41.60389+00
7568944195581540679	1	90	0	1	1796009618477096	2026-11-30 03:33:41.60389+00
7783685793911205270	1	91	0	1	1796009618477097	2026-11-30 03:33:41.60389+00
5947338613119283860	1	92	0	1	1796009618477098	2026-11-30 03:33:41.60389+00
8623492026583570352	1	93	0	1	1796009618477099	2026-11-30 03:33:41.60389+00
6440757676233817761	1	94	0	1	1796009618477100	2026-11-30 03:33:41.60389+00
9161764028104356806	1	95	0	1	1796009618477101	2026-11-30 03:33:41.60389+00
-5668778251147844697	1	96	0	1	1796009618477102	2026-11-30 03:33:41.60389+00
-8951875074755756139	1	97	0	1	1796009618477103	2026-11-30 03:33:41.60389+00
5949407723092550651	1	98	1	1	1796009618477104	2026-11-30 03:33:41.60389+00
-4896284011704463359	1	98	2	1	1796009618477105	2026-11-30 03:33:41.60389+00
-4879727047813942620	1	99	0	1	1796009618477106	2026-11-30 03:33:41.60389+00
-8599857754845941633	1	100	0	1	1796009618477107	2026-11-30 03:33:41.60389+00
-6737768362854849924	1	101	0	1	1796009618477108	2026-11-30 03:33:41.60389+00
458824264299728748	1	102	0	1	1796009618477109	2026-11-30 03:33:41.60389+00
3879826150422498679	1	103	0	1	1796009618477110	2026-11-30 03:33:41.60389+00
305060600579082240	1	104	0	1	1796009618477111	2026-11-30 03:33:41.60389+00
1772896079583559457	1	105	0	1	1796009618477112	2026-11-30 03:33:41.60389+00
7921932340981506033	1	106	0	1	1796009618477113	2026-11-30 03:33:41.60389+00
4239293444284377512	1	107	0	1	1796009618477114	2026-11-30 03:33:41.60389+00
1533096114978280672	1	108	1	1	1796009618477115	2026-11-30 03:33:41.60389+00
2989230420834953116	1	108	2	1	1796009618477116	2026-11-30 03:33:41.60389+00
8281362251615044367	1	109	0	1	1796009618477117	2026-11-30 03:33:41.60389+00
-8128360126121749119	1	110	0	1	1796009618477118	2026-11-30 03:33:41.60389+00
6599085605125346168	1	111	0	1	1796009618477119	2026-11-30 03:33:41.60389+00
-7177873826879800087	1	112	0	1	1796009618477120	2026-11-30 03:33:41.60389+00
-1815904311875892490	1	113	0	1	1796009618477121	2026-11-30 03:33:41.60389+00
73732205775822127	1	114	0	1	1796009618477122	2026-11-30 03:33:41.60389+00
-2980367022400163024	1	115	0	1	1796009618477123	2026-11-30 03:33:41.60389+00
-6250394154124468283	1	116	0	1	1796009618477124	2026-11-30 03:33:41.60389+00
-59727388643146433	1	117	0	1	1796009618477125	2026-11-30 03:33:41.60389+00
425734128235470375	1	118	1	1	1796009618477126	2026-11-30 03:33:41.60389+00
-1165610087389440102	1	118	2	1	1796009618477127	2026-11-30 03:33:41.60389+00
-747746810835230970	1	119	0	1	1796009618477128	2026-11-30 03:33:41.60389+00
6740080058184484555	1	120	0	1	1796009618477129	2026-11-30 03:33:41.60389+00
-8289596370204382552	1	121	0	1	1796009618477130	2026-11-30 03:33:41.60389+00
5592573378721441269	1	122	0	1	1796009618477131	2026-11-30 03:33:41.60389+00
7471487310228368376	1	123	0	1	1796009618477132	2026-11-30 03:33:41.60389+00
-5813098019421740669	1	124	0	1	1796009618477133	2026-11-30 03:33:41.60389+00
-8175776928756432840	1	125	0	1	1796009618477134	2026-11-30 03:33:41.60389+00
7670311907506600657	1	126	0	1	1796009618477135	2026-11-30 03:33:41.60389+00
7940048998153407895	1	127	0	1	1796009618477136	2026-11-30 03:33:41.60389+00
-2587099919684146015	1	128	1	1	1796009618477137	2026-11-30 03:33:41.60389+00
-7912749010499052453	1	128	2	1	1796009618477138	2026-11-30 03:33:41.60389+00
-4262876368614578576	1	129	0	1	1796009618477139	2026-11-30 03:33:41.60389+00
-898313672203905575	1	130	0	1	1796009618477140	2026-11-30 03:33:41.60389+00
3974423720021068369	1	131	0	1	1796009618477141	2026-11-30 03:33:41.60389+00
6643581117709301518	1	132	0	1	1796009618477142	2026-11-30 03:33:41.60389+00
2008423582760021031	1	133	0	1	1796009618477143	2026-11-30 03:33:41.60389+00
-1364882438923935331	1	134	0	1	1796009618477144	2026-11-30 03:33:41.60389+00
6106678233975014658	1	135	0	1	1796009618477145	2026-11-30 03:33:41.60389+00
-655689378723567802	1	136	0	1	1796009618477146	2026-11-30 03:33:41.60389+00
4946490373642325637	1	137	0	1	1796009618477147	2026-11-30 03:33:41.60389+00
8693474666824139165	1	138	1	1	1796009618477148	2026-11-30 03:33:41.60389+00
-6970333913937388372	1	138	2	1	1796009618477149	2026-11-30 03:33:41.60389+00
8133007090091232390	1	139	0	1	1796009618477150	2026-11-30 03:33:41.60389+00
-6604361100421828325	1	140	0	1	1796009618477151	2026-11-30 03:33:41.60389+00
-4424534891789903350	1	141	0	1	1796009618477152	2026-11-30 03:33:41.60389+00
447748644278317919	1	142	0	1	1796009618477153	2026-11-30 03:33:41.60389+00
8481341370552048502	1	143	0	1	1796009618477154	2026-11-30 03:33:41.60389+00
-5970377920984249124	1	144	0	1	1796009618477155	2026-11-30 03:33:41.60389+00
-2496488062745698123	1	145	0	1	1796009618477156	2026-11-30 03:33:41.60389+00
3155791009376668775	1	146	0	1	1796009618477157	2026-11-30 03:33:41.60389+00
-4171710357656257396	1	147	0	1	1796009618477158	2026-11-30 03:33:41.60389+00
825004799677257038	1	148	1	1	1796009618477159	2026-11-30 03:33:41.60389+00
6226617155205811179	1	148	2	1	1796009618477160	2026-11-30 03:33:41.60389+00
-6986496657785676172	1	149	0	1	1796009618477161	2026-11-30 03:33:41.60389+00
-6115672123696809027	1	150	0	1	1796009618477162	2026-11-30 03:33:41.60389+00
7983168524345307772	1	151	0	1	1796009618477163	2026-11-30 03:33:41.60389+00
7206022736682296410	1	152	0	1	1796009618477164	2026-11-30 03:33:41.60389+00
-7500151042924154551	1	153	0	1	1796009618477165	2026-11-30 03:33:41.60389+00
7054711565843934106	1	154	0	1	1796009618477166	2026-11-30 03:33:41.60389+00
-8624041821180943020	1	155	0	1	1796009618477167	2026-11-30 03:33:41.60389+00
-6015045221432687665	1	156	0	1	1796009618477168	2026-11-30 03:33:41.60389+00
-7626882271956374035	1	157	0	1	1796009618477169	2026-11-30 03:33:41.60389+00
-7553453218993440374	1	158	1	1	1796009618477170	2026-11-30 03:33:41.60389+00
-2969510251939401467	1	158	2	1	1796009618477171	2026-11-30 03:33:41.60389+00
-2100037946330294946	1	159	0	1	1796009618477172	2026-11-30 03:33:41.60389+00
4141860790441825422	1	160	0	1	1796009618477173	2026-11-30 03:33:41.60389+00
-5903805114432134338	1	161	0	1	1796009618477174	2026-11-30 03:33:41.60389+00
-3197210113168666070	1	162	0	1	1796009618477175	2026-11-30 03:33:41.60389+00
1704791354234962935	1	163	0	1	1796009618477176	2026-11-30 03:33:41.60389+00
-1848762245435124793	1	164	0	1	1796009618477177	2026-11-30 03:33:41.60389+00
-259142805053317250	1	165	0	1	1796009618477178	2026-11-30 03:33:41.60389+00
5622465775935883516	1	166	0	1	1796009618477179	2026-11-30 03:33:41.60389+00
-167289843083705548	1	167	0	1	1796009618477180	2026-11-30 03:33:41.60389+00
2402982239708951404	1	168	1	1	1796009618477181	2026-11-30 03:33:41.60389+00
5144388485107560828	1	168	2	1	1796009618477182	2026-11-30 03:33:41.60389+00
1227311052090395048	1	169	0	1	1796009618477183	2026-11-30 03:33:41.60389+00
1469546751476206060	1	170	0	1	1796009618477184	2026-11-30 03:33:41.60389+00
-2454358661088057694	1	171	0	1	1796009618477185	2026-11-30 03:33:41.60389+00
23529728947663981	1	172	0	1	1796009618477186	2026-11-30 03:33:41.60389+00
5676577586104599762	1	173	0	1	1796009618477187	2026-11-30 03:33:41.60389+00
7118642566809035547	1	174	0	1	1796009618477188	2026-11-30 03:33:41.60389+00
-8613573498970240720	1	175	0	1	1796009618477189	2026-11-30 03:33:41.60389+00
-2728603947440148700	1	176	0	1	1796009618477190	2026-11-30 03:33:41.60389+00
987281207397575316	1	177	0	1	1796009618477191	2026-11-30 03:33:41.60389+00
4375514712300205170	1	178	1	1	1796009618477192	2026-11-30 03:33:41.60389+00
-8040482998411197998	1	178	2	1	1796009618477193	2026-11-30 03:33:41.60389+00
353208596069343890	1	179	0	1	1796009618477194	2026-11-30 03:33:41.60389+00
3983646311818560322	4	0	0	1	1796009618477195	2026-11-30 03:33:54.398877+00
7464086954707008483	4	1	0	1	1796009618477196	2026-11-30 03:33:54.398877+00
-8552430773993056498	4	2	0	1	1796009618477197	2026-11-30 03:33:54.398877+00
5709541603411692960	4	4	0	1	1796009618477198	2026-11-30 03:33:54.398877+00
8425772780161948739	4	6	0	1	1796009618477199	2026-11-30 03:33:54.398877+00
-2482770221770989788	4	7	0	1	1796009618477200	2026-11-30 03:33:54.398877+00
140956346755452529	4	8	0	1	1796009618477201	2026-11-30 03:33:54.398877+00
2989972200641973358	4	9	0	1	1796009618477202	2026-11-30 03:33:54.398877+00
262247102374204089	4	10	0	1	1796009618477203	2026-11-30 03:33:54.398877+00
-2127183964183623803	4	11	0	1	1796009618477204	2026-11-30 03:33:54.398877+00
2228317082043629126	4	12	0	1	1796009618477205	2026-11-30 03:33:54.398877+00
-2291985030328658615	4	13	0	1	1796009618477206	2026-11-30 03:33:54.398877+00
3502457027513738522	4	14	0	1	1796009618477207	2026-11-30 03:33:54.398877+00
4821041859655798653	4	15	0	1	1796009618477208	2026-11-30 03:33:54.398877+00
7559922411499525864	4	16	0	1	1796009618477209	2026-11-30 03:33:54.398877+00
5025456430107069129	4	17	0	1	1796009618477210	2026-11-30 03:33:54.398877+00
7794871293352150817	4	18	0	1	1796009618477211	2026-11-30 03:33:54.398877+00
-6937184828385516053	4	19	0	1	1796009618477212	2026-11-30 03:33:54.398877+00
-1100955637631115777	4	20	0	1	1796009618477213	2026-11-30 03:33:54.398877+00
6826464836440623195	4	21	0	1	1796009618477214	2026-11-30 03:33:54.398877+00
8732121182860596483	4	22	0	1	1796009618477215	2026-11-30 03:33:54.398877+00
-4223522237748915033	4	23	0	1	1796009618477216	2026-11-30 03:33:54.398877+00
-7650069581596791562	4	24	0	1	1796009618477217	2026-11-30 03:33:54.398877+00
-6117444981561319682	4	25	0	1	1796009618477218	2026-11-30 03:33:54.398877+00
-3204904264365976346	4	26	0	1	1796009618477219	2026-11-30 03:33:54.398877+00
2643239686940244125	4	27	0	1	1796009618477220	2026-11-30 03:33:54.398877+00
7544334006186369309	4	28	0	1	1796009618477221	2026-11-30 03:33:54.398877+00
-8907791473879972161	4	29	0	1	1796009618477222	2026-11-30 03:33:54.398877+00
6577981296519158626	4	30	0	1	1796009618477223	2026-11-30 03:33:54.398877+00
5020750866991302585	4	31	0	1	1796009618477224	2026-11-30 03:33:54.398877+00
7030674983853863922	4	32	0	1	1796009618477225	2026-11-30 03:33:54.398877+00
3412809998135271704	4	33	0	1	1796009618477226	2026-11-30 03:33:54.398877+00
5780408559024104605	4	34	0	1	1796009618477227	2026-11-30 03:33:54.398877+00
-7373625272689380857	4	35	0	1	1796009618477228	2026-11-30 03:33:54.398877+00
-4616402637888024890	4	36	0	1	1796009618477229	2026-11-30 03:33:54.398877+00
-7700334384529668919	4	37	0	1	1796009618477230	2026-11-30 03:33:54.398877+00
-3368990592337183786	4	38	0	1	1796009618477231	2026-11-30 03:33:54.398877+00
-1453163210740807802	4	39	0	1	1796009618477232	2026-11-30 03:33:54.398877+00
3890951004789842912	4	40	0	1	1796009618477233	2026-11-30 03:33:54.398877+00
-5483136004348553743	4	41	0	1	1796009618477234	2026-11-30 03:33:54.398877+00
-3828724653093077140	4	42	0	1	1796009618477235	2026-11-30 03:33:54.398877+00
1618732002014441530	4	43	0	1	1796009618477236	2026-11-30 03:33:54.398877+00
4504850324900359492	4	44	0	1	1796009618477237	2026-11-30 03:33:54.398877+00
-117866166468597962	4	45	0	1	1796009618477238	2026-11-30 03:33:54.398877+00
2917039340923136635	4	46	0	1	1796009618477239	2026-11-30 03:33:54.398877+00
8336665530302944374	4	47	0	1	1796009618477240	2026-11-30 03:33:54.398877+00
-4481179918866474219	4	48	0	1	1796009618477241	2026-11-30 03:33:54.398877+00
-3072317531215568526	4	49	0	1	1796009618477242	2026-11-30 03:33:54.398877+00
-6303192544004687029	4	5	0	1	1796009618477243	2026-11-30 03:33:54.560434+00
-7892249043551297184	4	50	0	1	1796009618477244	2026-11-30 03:33:54.560434+00
-5233478887800122460	4	51	0	1	1796009618477245	2026-11-30 03:33:54.560434+00
8867459722745364229	4	52	0	1	1796009618477246	2026-11-30 03:33:54.560434+00
-6238160598425407953	4	53	0	1	1796009618477247	2026-11-30 03:33:54.560434+00
-2535895979909207948	4	54	0	1	1796009618477248	2026-11-30 03:33:54.560434+00
66442696405278058	4	55	0	1	1796009618477249	2026-11-30 03:33:54.560434+00
-2594520442466092579	4	56	0	1	1796009618477250	2026-11-30 03:33:54.560434+00
2673398482334844433	4	57	0	1	1796009618477251	2026-11-30 03:33:54.560434+00
4233536091570608430	4	58	0	1	1796009618477252	2026-11-30 03:33:54.560434+00
-8295368639399830203	4	59	0	1	1796009618477253	2026-11-30 03:33:54.560434+00
-749060209587294785	4	60	0	1	1796009618477254	2026-11-30 03:33:54.560434+00
2451957178829689105	4	61	0	1	1796009618477255	2026-11-30 03:33:54.560434+00
90614056343103559	4	62	0	1	1796009618477256	2026-11-30 03:33:54.560434+00
-9104789320403326685	4	63	0	1	1796009618477257	2026-11-30 03:33:54.560434+00
4988093189902914593	4	64	0	1	1796009618477258	2026-11-30 03:33:54.560434+00
7796919173611375206	4	65	0	1	1796009618477259	2026-11-30 03:33:54.560434+00
-2698491686522237389	4	66	0	1	1796009618477260	2026-11-30 03:33:54.560434+00
626329611308583465	4	67	0	1	1796009618477261	2026-11-30 03:33:54.560434+00
-5816471117234166901	4	68	0	1	1796009618477262	2026-11-30 03:33:54.560434+00
-1193437815464563535	4	69	0	1	1796009618477263	2026-11-30 03:33:54.560434+00
-8927213982568361748	4	70	0	1	1796009618477264	2026-11-30 03:33:54.560434+00
-5021573502982242830	4	71	0	1	1796009618477265	2026-11-30 03:33:54.560434+00
-1573017953236868559	4	72	0	1	1796009618477266	2026-11-30 03:33:54.560434+00
-1425825998320140665	4	73	0	1	1796009618477267	2026-11-30 03:33:54.560434+00
-3194759896514331634	4	74	0	1	1796009618477268	2026-11-30 03:33:54.560434+00
-518461377437501409	4	75	0	1	1796009618477269	2026-11-30 03:33:54.560434+00
3403939523291623605	4	76	0	1	1796009618477270	2026-11-30 03:33:54.560434+00
-8398281661441562113	4	77	0	1	1796009618477271	2026-11-30 03:33:54.560434+00
-7566994863841183566	4	78	0	1	1796009618477272	2026-11-30 03:33:54.560434+00
8005638293684441032	4	79	0	1	1796009618477273	2026-11-30 03:33:54.560434+00
7922613691940674391	4	80	0	1	1796009618477274	2026-11-30 03:33:54.560434+00
-6627062785063505978	4	81	0	1	1796009618477275	2026-11-30 03:33:54.560434+00
-5774971131489482169	4	82	0	1	1796009618477276	2026-11-30 03:33:54.560434+00
8646713181663954071	4	83	0	1	1796009618477277	2026-11-30 03:33:54.560434+00
-5162783635734299539	4	84	0	1	1796009618477278	2026-11-30 03:33:54.810259+00
-2112696195590174213	4	85	0	1	1796009618477279	2026-11-30 03:33:54.810259+00
9139887669534103820	4	86	0	1	1796009618477280	2026-11-30 03:33:54.810259+00
-6050334552379496457	4	87	0	1	1796009618477281	2026-11-30 03:33:54.810259+00
5730370627492757074	4	88	0	1	1796009618477282	2026-11-30 03:33:54.810259+00
-7946586061103996930	4	89	0	1	1796009618477283	2026-11-30 03:33:54.810259+00
8975167868774689402	4	90	0	1	1796009618477284	2026-11-30 03:33:54.810259+00
-9155777345000293102	4	91	0	1	1796009618477285	2026-11-30 03:33:54.810259+00
7225275788455450060	4	92	0	1	1796009618477286	2026-11-30 03:33:54.810259+00
-5575715482773258389	4	93	0	1	1796009618477287	2026-11-30 03:33:54.810259+00
-4110587624736401091	4	94	0	1	1796009618477288	2026-11-30 03:33:54.810259+00
-6114279191866141283	4	95	0	1	1796009618477289	2026-11-30 03:33:54.810259+00
7366155965227046136	4	96	0	1	1796009618477290	2026-11-30 03:33:54.810259+00
-8182107933847924000	4	97	0	1	1796009618477291	2026-11-30 03:33:54.810259+00
-5341188762422054466	4	98	0	1	1796009618477292	2026-11-30 03:33:54.810259+00
-7560351383821021146	4	99	0	1	1796009618477293	2026-11-30 03:33:54.810259+00
6998198032961205925	4	100	0	1	1796009618477294	2026-11-30 03:33:54.810259+00
7726646835218571228	4	101	0	1	1796009618477295	2026-11-30 03:33:54.810259+00
-3840023102106453275	4	102	0	1	1796009618477296	2026-11-30 03:33:54.810259+00
-6072835064787419224	4	103	0	1	1796009618477297	2026-11-30 03:33:54.810259+00
-5803954104073145571	4	104	0	1	1796009618477298	2026-11-30 03:33:54.810259+00
1553780200389516497	4	105	0	1	1796009618477299	2026-11-30 03:33:54.810259+00
7391891750182385896	4	106	0	1	1796009618477300	2026-11-30 03:33:54.810259+00
3346234062919205682	4	107	0	1	1796009618477301	2026-11-30 03:33:54.810259+00
4424769515786195510	4	108	0	1	1796009618477302	2026-11-30 03:33:54.810259+00
-7570801129957954539	4	109	0	1	1796009618477303	2026-11-30 03:33:54.810259+00
1493966288895763046	4	110	0	1	1796009618477304	2026-11-30 03:33:54.810259+00
8300059900438500906	4	111	0	1	1796009618477305	2026-11-30 03:33:54.810259+00
8821046171159473659	4	112	0	1	1796009618477306	2026-11-30 03:33:54.810259+00
-6924666138934626029	4	113	0	1	1796009618477307	2026-11-30 03:33:54.810259+00
-4822863485157216853	4	114	0	1	1796009618477308	2026-11-30 03:33:54.810259+00
-8824510124730208629	4	115	0	1	1796009618477309	2026-11-30 03:33:54.810259+00
-2584667466114498685	4	116	0	1	1796009618477310	2026-11-30 03:33:54.810259+00
-34237388788984902	4	117	0	1	1796009618477311	2026-11-30 03:33:54.810259+00
3658497324394845710	4	118	0	1	1796009618477312	2026-11-30 03:33:54.810259+00
89421612151290758	4	119	0	1	1796009618477313	2026-11-30 03:33:54.959571+00
-3240398566101652223	4	120	0	1	1796009618477314	2026-11-30 03:33:54.959571+00
4364031720665844908	4	121	0	1	1796009618477315	2026-11-30 03:33:54.959571+00
4298402175455303524	4	122	0	1	1796009618477316	2026-11-30 03:33:54.959571+00
729670099626742308	4	123	0	1	1796009618477317	2026-11-30 03:33:54.959571+00
2404327601277682566	4	124	0	1	1796009618477318	2026-11-30 03:33:54.959571+00
-8737176331188293702	4	125	0	1	1796009618477319	2026-11-30 03:33:54.959571+00
-5067089476344665435	4	126	0	1	1796009618477320	2026-11-30 03:33:54.959571+00
-8857464340896929195	4	127	0	1	1796009618477321	2026-11-30 03:33:54.959571+00
-7480242053705242534	4	128	0	1	1796009618477322	2026-11-30 03:33:54.959571+00
-2101321328756295277	4	129	0	1	1796009618477323	2026-11-30 03:33:54.959571+00
-4866918396209690964	4	130	0	1	1796009618477324	2026-11-30 03:33:54.959571+00
-7647443049577410651	4	131	0	1	1796009618477325	2026-11-30 03:33:54.959571+00
-6263337378249059955	4	132	0	1	1796009618477326	2026-11-30 03:33:54.959571+00
-937435451082001799	4	133	0	1	1796009618477327	2026-11-30 03:33:54.959571+00
1065820165772508936	4	134	0	1	1796009618477328	2026-11-30 03:33:54.959571+00
-2545409270880963138	4	135	0	1	1796009618477329	2026-11-30 03:33:54.959571+00
2087512532236018522	4	136	0	1	1796009618477330	2026-11-30 03:33:54.959571+00
7250756559484843963	4	137	0	1	1796009618477331	2026-11-30 03:33:54.959571+00
-9094121007549573660	4	138	0	1	1796009618477332	2026-11-30 03:33:54.959571+00
6228155059615082582	4	139	0	1	1796009618477333	2026-11-30 03:33:54.959571+00
\.


--
-- Data for Name: submission_20261201; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.submission_20261201 (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) FROM stdin;
\.


--
-- Data for Name: submission_20261202; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.submission_20261202 (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) FROM stdin;
\.


--
-- Data for Name: submission_20261203; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.submission_20261203 (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at) FROM stdin;
\.


--
-- Data for Name: tally_p0; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.tally_p0 (task_id, n, messages, successful, failed, uncertain, not_sent) FROM stdin;
1	0	180	180	0	0	0
2	0	180	0	0	0	0
3	0	180	0	0	0	0
4	0	140	134	5	0	0
5	0	140	0	0	0	0
6	0	140	0	0	0	0
\.


--
-- Data for Name: task; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.task (id, name, scheduled_at, created_at, status, reason, snapshot, priority, reasons, paused, ending, routed, cleared_hold, opens_at, closes_at, import_state, started_at, sent_at, ended_at, accepted, invalid, duplicate, unfit, parts, successful, failed, uncertain, not_sent, account_id, application_id, carrier_id, created_by_id, signature_id, template_id) FROM stdin;
6	MainlandSample	2026-12-20 12:00:00+00	2026-11-30 03:34:02.15634+00	canceled	Canceled by a member.	{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "currency": "USD", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}	2	[{"code": "canceled_by_member", "message": "Canceled by a member.", "parameters": {}}]	f	f	f	\N	\N	\N	imported	\N	\N	2026-11-30 03:34:03.195406+00	140	4	2	0	140	0	0	0	0	1	2	1	1	2	7
1	InternationalSample	\N	2026-11-30 03:33:41.519109+00	completed		{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "currency": "USD", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}	2	[]	f	f	f	\N	\N	\N	imported	2026-11-30 03:33:41.517852+00	2026-11-30 03:33:42.101773+00	2026-11-30 03:33:44.642397+00	180	4	2	4	198	180	0	0	0	1	1	1	1	\N	2
2	InternationalSample	2026-12-20 12:00:00+00	2026-11-30 03:33:47.698825+00	pending		{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "currency": "USD", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}	2	[]	f	f	f	\N	\N	\N	imported	\N	\N	\N	180	4	2	4	198	0	0	0	0	1	1	1	1	\N	2
4	MainlandSample	\N	2026-11-30 03:33:54.331018+00	executing		{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "currency": "USD", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}	2	[]	f	f	f	\N	\N	\N	imported	2026-11-30 03:33:54.329384+00	2026-11-30 03:33:55.41887+00	\N	140	4	2	0	140	0	0	0	0	1	2	1	1	2	7
3	InternationalSample	2026-12-20 12:00:00+00	2026-11-30 03:33:49.129541+00	canceled	Canceled by a member.	{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "Sendmill", "content": "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.", "currency": "USD", "signature": null, "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": false, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "international"}	2	[{"code": "canceled_by_member", "message": "Canceled by a member.", "parameters": {}}]	f	f	f	\N	\N	\N	imported	\N	\N	2026-11-30 03:33:50.0769+00	180	4	2	4	198	0	0	0	0	1	1	1	1	\N	2
5	MainlandSample	2026-12-20 12:00:00+00	2026-11-30 03:34:00.865461+00	pending		{"prices": {"*": "0.099", "AU": "0.0455", "CN": "0.035", "DE": "0.0825", "FR": "0.069", "GB": "0.042", "HK": "0.056", "IN": "0.039", "JP": "0.074", "SG": "0.041", "US": "0.0079"}, "source": "1069000002", "content": "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。", "currency": "USD", "signature": "示例", "attributes": {}, "carrier_id": 1, "number_rules": {"add_86": true, "delete_unusual": false, "allow_landlines": false}, "service_type": "notification", "application_type": "mainland"}	2	[]	f	f	f	\N	\N	\N	imported	\N	\N	\N	140	4	2	0	140	0	0	0	0	1	2	1	1	2	7
\.


--
-- Data for Name: task_fault; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.task_fault (task_id, carrier_id, times, error, at, retry_at) FROM stdin;
\.


--
-- Data for Name: template; Type: TABLE DATA; Schema: public; Owner: -
--

COPY public.template (id, state, reason, created_at, universal, name, type, content, attributes, active, account_id, application_id, created_by_id, signature_id, submitted_by_id) FROM stdin;
1	approved		2026-11-30 03:33:37.612437+00	f	Sign-in code	verification	Your sign-in code is ${NUM_6}. It is valid for 10 minutes. Never tell it to anyone.	{}	t	1	1	2	\N	2
2	approved		2026-11-30 03:33:37.624779+00	f	Appointment	notification	Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.	{}	t	1	1	2	\N	2
3	approved		2026-11-30 03:33:37.635872+00	f	Maintenance	notification	Our service pauses for maintenance on Saturday from 02:00 to 04:00 UTC.	{}	t	1	1	2	\N	2
4	approved		2026-11-30 03:33:37.646684+00	f	Spring sale	promotion	Spring sale: 20% off everything until Sunday. Reply STOP to opt out.	{}	t	1	1	2	\N	2
5	approved		2026-11-30 03:33:37.657302+00	f	验证码	verification	您的验证码是${1}，10分钟内有效，请勿告诉他人。	{"1": "CHARDIGIT"}	t	1	2	2	1	2
6	approved		2026-11-30 03:33:37.669808+00	f	发货通知	notification	您的订单${1}将于${2}送达，运费${3}元。	{"1": "CHARDIGIT", "2": "DATETIME", "3": "MONEY"}	t	1	2	2	2	2
7	approved		2026-11-30 03:33:37.680581+00	f	维护通知	notification	本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。	{}	t	1	2	2	2	2
8	approved		2026-11-30 03:33:37.690207+00	f	春季特惠	promotion	春季特惠，全场八折，本周日截止。拒收请回复R	{}	t	1	2	2	3	2
\.


--
-- Name: account_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.account_id_seq', 1, true);


--
-- Name: alarm_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.alarm_id_seq', 1, false);


--
-- Name: application_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.application_id_seq', 2, true);


--
-- Name: audit_entry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.audit_entry_id_seq', 83, true);


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_id_seq', 1, false);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_permission_id_seq', 136, true);


--
-- Name: axes_accessattempt_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.axes_accessattempt_id_seq', 1, false);


--
-- Name: axes_accessfailurelog_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.axes_accessfailurelog_id_seq', 1, false);


--
-- Name: axes_accesslog_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.axes_accesslog_id_seq', 1, false);


--
-- Name: budget_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.budget_id_seq', 1, false);


--
-- Name: carrier_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.carrier_id_seq', 1, true);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_content_type_id_seq', 34, true);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 78, true);


--
-- Name: draft_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.draft_id_seq', 6, true);


--
-- Name: export_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.export_id_seq', 1, false);


--
-- Name: ledger_entry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.ledger_entry_id_seq', 6, true);


--
-- Name: member_groups_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.member_groups_id_seq', 1, false);


--
-- Name: member_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.member_id_seq', 4, true);


--
-- Name: member_user_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.member_user_permissions_id_seq', 1, false);


--
-- Name: orphan_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.orphan_id_seq', 1, true);


--
-- Name: otp_static_staticdevice_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.otp_static_staticdevice_id_seq', 1, false);


--
-- Name: otp_static_statictoken_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.otp_static_statictoken_id_seq', 1, false);


--
-- Name: otp_totp_totpdevice_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.otp_totp_totpdevice_id_seq', 1, false);


--
-- Name: package_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.package_id_seq', 1, false);


--
-- Name: package_use_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.package_use_id_seq', 1, false);


--
-- Name: price_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.price_id_seq', 33, true);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 42, true);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 21, true);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 8, true);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, true);


--
-- Name: route_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.route_id_seq', 1, false);


--
-- Name: sender_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.sender_id_seq', 1, true);


--
-- Name: signature_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.signature_id_seq', 3, true);


--
-- Name: task_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.task_id_seq', 6, true);


--
-- Name: template_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.template_id_seq', 8, true);


--
-- Name: account account_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_name_key UNIQUE (name);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (id);


--
-- Name: alarm alarm_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_pkey PRIMARY KEY (id);


--
-- Name: application application_app_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_app_key_key UNIQUE (app_key);


--
-- Name: application application_name_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_name_once UNIQUE (account_id, name);


--
-- Name: application application_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (id);


--
-- Name: audit_entry audit_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);


--
-- Name: auth_group_permissions auth_group_permissions_group_id_permission_id_0cd325b0_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);


--
-- Name: auth_group_permissions auth_group_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_group auth_group_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);


--
-- Name: auth_permission auth_permission_content_type_id_codename_01ab375a_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);


--
-- Name: auth_permission auth_permission_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);


--
-- Name: axes_accessattempt axes_accessattempt_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_pkey PRIMARY KEY (id);


--
-- Name: axes_accessattempt axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accessattempt
    ADD CONSTRAINT axes_accessattempt_username_ip_address_user_agent_8ea22282_uniq UNIQUE (username, ip_address, user_agent);


--
-- Name: axes_accessattemptexpiration axes_accessattemptexpiration_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptexpiration_pkey PRIMARY KEY (access_attempt_id);


--
-- Name: axes_accessfailurelog axes_accessfailurelog_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accessfailurelog
    ADD CONSTRAINT axes_accessfailurelog_pkey PRIMARY KEY (id);


--
-- Name: axes_accesslog axes_accesslog_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accesslog
    ADD CONSTRAINT axes_accesslog_pkey PRIMARY KEY (id);


--
-- Name: balance balance_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_pkey PRIMARY KEY (account_id);


--
-- Name: bind_fault bind_fault_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bind_fault
    ADD CONSTRAINT bind_fault_pkey PRIMARY KEY (carrier_id, slot);


--
-- Name: bind_state bind_state_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.bind_state
    ADD CONSTRAINT bind_state_pkey PRIMARY KEY (carrier_id, slot);


--
-- Name: budget budget_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_pkey PRIMARY KEY (id);


--
-- Name: budget budget_scope_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_scope_once UNIQUE (account_id, scope);


--
-- Name: carrier carrier_name_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.carrier
    ADD CONSTRAINT carrier_name_once UNIQUE (account_id, name);


--
-- Name: carrier_out carrier_out_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.carrier_out
    ADD CONSTRAINT carrier_out_pkey PRIMARY KEY (carrier_id);


--
-- Name: carrier carrier_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.carrier
    ADD CONSTRAINT carrier_pkey PRIMARY KEY (id);


--
-- Name: charge charge_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_pkey PRIMARY KEY (task_id);


--
-- Name: chunk chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.chunk
    ADD CONSTRAINT chunk_pkey PRIMARY KEY (task_id, n);


--
-- Name: chunk_p0 chunk_p0_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.chunk_p0
    ADD CONSTRAINT chunk_p0_pkey PRIMARY KEY (task_id, n);


--
-- Name: django_content_type django_content_type_app_label_model_76bd3d3b_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);


--
-- Name: django_content_type django_content_type_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);


--
-- Name: django_migrations django_migrations_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);


--
-- Name: django_session django_session_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);


--
-- Name: draft draft_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_key_key UNIQUE (key);


--
-- Name: draft draft_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (id);


--
-- Name: draft draft_task_id_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_task_id_key UNIQUE (task_id);


--
-- Name: export export_key_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_key_key UNIQUE (key);


--
-- Name: export export_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_pkey PRIMARY KEY (id);


--
-- Name: failure failure_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.failure
    ADD CONSTRAINT failure_pkey PRIMARY KEY (task_id, seq);


--
-- Name: failure_p0 failure_p0_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.failure_p0
    ADD CONSTRAINT failure_p0_pkey PRIMARY KEY (task_id, seq);


--
-- Name: hold hold_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (id);


--
-- Name: ledger_entry ledger_entry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id);


--
-- Name: member_groups member_groups_member_id_group_id_9d5a359e_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_groups
    ADD CONSTRAINT member_groups_member_id_group_id_9d5a359e_uniq UNIQUE (member_id, group_id);


--
-- Name: member_groups member_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_groups
    ADD CONSTRAINT member_groups_pkey PRIMARY KEY (id);


--
-- Name: member member_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (id);


--
-- Name: member_user_permissions member_user_permissions_member_id_permission_id_ae545182_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_user_permissions
    ADD CONSTRAINT member_user_permissions_member_id_permission_id_ae545182_uniq UNIQUE (member_id, permission_id);


--
-- Name: member_user_permissions member_user_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_user_permissions
    ADD CONSTRAINT member_user_permissions_pkey PRIMARY KEY (id);


--
-- Name: member member_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_username_key UNIQUE (username);


--
-- Name: message message_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (task_id, seq);


--
-- Name: message_p0 message_p0_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.message_p0
    ADD CONSTRAINT message_p0_pkey PRIMARY KEY (task_id, seq);


--
-- Name: moved_chunk moved_chunk_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.moved_chunk
    ADD CONSTRAINT moved_chunk_pkey PRIMARY KEY (task_id, n, at);


--
-- Name: orphan orphan_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.orphan
    ADD CONSTRAINT orphan_pkey PRIMARY KEY (id);


--
-- Name: otp_static_staticdevice otp_static_staticdevice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_pkey PRIMARY KEY (id);


--
-- Name: otp_static_statictoken otp_static_statictoken_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictoken_pkey PRIMARY KEY (id);


--
-- Name: otp_totp_totpdevice otp_totp_totpdevice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_pkey PRIMARY KEY (id);


--
-- Name: package package_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_pkey PRIMARY KEY (id);


--
-- Name: package_use package_use_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package_use
    ADD CONSTRAINT package_use_once UNIQUE (charge_id, package_id);


--
-- Name: package_use package_use_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package_use
    ADD CONSTRAINT package_use_pkey PRIMARY KEY (id);


--
-- Name: part part_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part
    ADD CONSTRAINT part_pkey PRIMARY KEY (task_id, seq, part);


--
-- Name: part_p0 part_p0_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.part_p0
    ADD CONSTRAINT part_p0_pkey PRIMARY KEY (task_id, seq, part);


--
-- Name: place place_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.place
    ADD CONSTRAINT place_pkey PRIMARY KEY (key);


--
-- Name: price price_once_a_day; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.price
    ADD CONSTRAINT price_once_a_day UNIQUE (account_id, type, region, valid_from);


--
-- Name: price price_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.price
    ADD CONSTRAINT price_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_events procrastinate_events_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_jobs procrastinate_jobs_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_pkey PRIMARY KEY (id);


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_unique; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_unique UNIQUE (task_name, periodic_id, defer_timestamp);


--
-- Name: procrastinate_workers procrastinate_workers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_workers
    ADD CONSTRAINT procrastinate_workers_pkey PRIMARY KEY (id);


--
-- Name: report report_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (task_id, seq, part, digest);


--
-- Name: route route_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.route
    ADD CONSTRAINT route_once UNIQUE NULLS NOT DISTINCT (account_id, application_id, type, prefix, carrier_id);


--
-- Name: route route_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.route
    ADD CONSTRAINT route_pkey PRIMARY KEY (id);


--
-- Name: sender sender_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.sender
    ADD CONSTRAINT sender_pkey PRIMARY KEY (id);


--
-- Name: signature signature_name_type_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_name_type_once UNIQUE (account_id, name, type);


--
-- Name: signature signature_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_pkey PRIMARY KEY (id);


--
-- Name: stamp stamp_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.stamp
    ADD CONSTRAINT stamp_pkey PRIMARY KEY (run, lane);


--
-- Name: store store_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.store
    ADD CONSTRAINT store_pkey PRIMARY KEY (one);


--
-- Name: tally tally_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tally
    ADD CONSTRAINT tally_pkey PRIMARY KEY (task_id, n);


--
-- Name: tally_p0 tally_p0_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.tally_p0
    ADD CONSTRAINT tally_p0_pkey PRIMARY KEY (task_id, n);


--
-- Name: task_fault task_fault_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task_fault
    ADD CONSTRAINT task_fault_pkey PRIMARY KEY (task_id, carrier_id);


--
-- Name: task task_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_pkey PRIMARY KEY (id);


--
-- Name: template template_name_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_name_once UNIQUE (application_id, name);


--
-- Name: template template_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_pkey PRIMARY KEY (id);


--
-- Name: account_name_375dcd3c_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX account_name_375dcd3c_like ON public.account USING btree (name varchar_pattern_ops);


--
-- Name: alarm_account_id_35b2aab0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alarm_account_id_35b2aab0 ON public.alarm USING btree (account_id);


--
-- Name: alarm_raised_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX alarm_raised_once ON public.alarm USING btree (account_id, task_id, code) NULLS NOT DISTINCT WHERE (cleared_at IS NULL);


--
-- Name: alarm_task_id_287be9c0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX alarm_task_id_287be9c0 ON public.alarm USING btree (task_id);


--
-- Name: application_account_id_6327a0f9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX application_account_id_6327a0f9 ON public.application USING btree (account_id);


--
-- Name: application_app_key_ccd245cd_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX application_app_key_ccd245cd_like ON public.application USING btree (app_key varchar_pattern_ops);


--
-- Name: application_carrier_id_cd54e81b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX application_carrier_id_cd54e81b ON public.application USING btree (carrier_id);


--
-- Name: audit_entry_account_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_account_id ON public.audit_entry USING btree (account_id, id DESC);


--
-- Name: audit_entry_account_id_98d08615; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_account_id_98d08615 ON public.audit_entry USING btree (account_id);


--
-- Name: audit_entry_member_id_9f02d910; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_member_id_9f02d910 ON public.audit_entry USING btree (member_id);


--
-- Name: audit_entry_object; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX audit_entry_object ON public.audit_entry USING btree (object_type, object_id, id DESC);


--
-- Name: auth_group_name_a6ea08ec_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);


--
-- Name: auth_group_permissions_group_id_b120cbf9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);


--
-- Name: auth_group_permissions_permission_id_84c5c92e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);


--
-- Name: auth_permission_content_type_id_2f476e4b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);


--
-- Name: axes_accessattempt_ip_address_10922d9c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessattempt_ip_address_10922d9c ON public.axes_accessattempt USING btree (ip_address);


--
-- Name: axes_accessattempt_user_agent_ad89678b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessattempt_user_agent_ad89678b ON public.axes_accessattempt USING btree (user_agent);


--
-- Name: axes_accessattempt_user_agent_ad89678b_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessattempt_user_agent_ad89678b_like ON public.axes_accessattempt USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accessattempt_username_3f2d4ca0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessattempt_username_3f2d4ca0 ON public.axes_accessattempt USING btree (username);


--
-- Name: axes_accessattempt_username_3f2d4ca0_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessattempt_username_3f2d4ca0_like ON public.axes_accessattempt USING btree (username varchar_pattern_ops);


--
-- Name: axes_accessfailurelog_ip_address_2e9f5a7f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessfailurelog_ip_address_2e9f5a7f ON public.axes_accessfailurelog USING btree (ip_address);


--
-- Name: axes_accessfailurelog_user_agent_ea145dda; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessfailurelog_user_agent_ea145dda ON public.axes_accessfailurelog USING btree (user_agent);


--
-- Name: axes_accessfailurelog_user_agent_ea145dda_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessfailurelog_user_agent_ea145dda_like ON public.axes_accessfailurelog USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accessfailurelog_username_a8b7e8a4; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessfailurelog_username_a8b7e8a4 ON public.axes_accessfailurelog USING btree (username);


--
-- Name: axes_accessfailurelog_username_a8b7e8a4_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accessfailurelog_username_a8b7e8a4_like ON public.axes_accessfailurelog USING btree (username varchar_pattern_ops);


--
-- Name: axes_accesslog_ip_address_86b417e5; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accesslog_ip_address_86b417e5 ON public.axes_accesslog USING btree (ip_address);


--
-- Name: axes_accesslog_user_agent_0e659004; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accesslog_user_agent_0e659004 ON public.axes_accesslog USING btree (user_agent);


--
-- Name: axes_accesslog_user_agent_0e659004_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accesslog_user_agent_0e659004_like ON public.axes_accesslog USING btree (user_agent varchar_pattern_ops);


--
-- Name: axes_accesslog_username_df93064b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accesslog_username_df93064b ON public.axes_accesslog USING btree (username);


--
-- Name: axes_accesslog_username_df93064b_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX axes_accesslog_username_df93064b_like ON public.axes_accesslog USING btree (username varchar_pattern_ops);


--
-- Name: budget_account_id_051f83bf; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX budget_account_id_051f83bf ON public.budget USING btree (account_id);


--
-- Name: carrier_account_id_38c5a32d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX carrier_account_id_38c5a32d ON public.carrier USING btree (account_id);


--
-- Name: carrier_sample_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX carrier_sample_at ON public.carrier_sample USING btree (carrier_id, at);


--
-- Name: charge_account_id_b8b252c5; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX charge_account_id_b8b252c5 ON public.charge USING btree (account_id);


--
-- Name: charge_account_opened; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX charge_account_opened ON public.charge USING btree (account_id, opened_at);


--
-- Name: charge_closed_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX charge_closed_at ON public.charge USING btree (closed_at);


--
-- Name: charge_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX charge_open ON public.charge USING btree (task_id) WHERE (closed_at IS NULL);


--
-- Name: chunk_unsent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX chunk_unsent ON ONLY public.chunk USING btree (task_id, n) WHERE (state < 2);


--
-- Name: chunk_p0_task_id_n_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX chunk_p0_task_id_n_idx ON public.chunk_p0 USING btree (task_id, n) WHERE (state < 2);


--
-- Name: django_session_expire_date_a5c62663; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


--
-- Name: django_session_session_key_c0390e0f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


--
-- Name: draft_account_id_959ae1f6; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_account_id_959ae1f6 ON public.draft USING btree (account_id);


--
-- Name: draft_application_id_d3a4b25d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_application_id_d3a4b25d ON public.draft USING btree (application_id);


--
-- Name: draft_created_by_id_2a6dfa9f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_created_by_id_2a6dfa9f ON public.draft USING btree (created_by_id);


--
-- Name: draft_signature_id_3839ac8b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_signature_id_3839ac8b ON public.draft USING btree (signature_id);


--
-- Name: draft_template_id_108350bf; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX draft_template_id_108350bf ON public.draft USING btree (template_id);


--
-- Name: export_account_id_fea3f4ec; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX export_account_id_fea3f4ec ON public.export USING btree (account_id);


--
-- Name: export_created_by_id_0bc8cc08; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX export_created_by_id_0bc8cc08 ON public.export USING btree (created_by_id);


--
-- Name: export_draft_id_ced058c9; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX export_draft_id_ced058c9 ON public.export USING btree (draft_id);


--
-- Name: export_task_id_2f5140a8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX export_task_id_2f5140a8 ON public.export USING btree (task_id);


--
-- Name: hold_open; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX hold_open ON public.hold USING btree (((released_at IS NULL))) WHERE (released_at IS NULL);


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: ledger_entry_account_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_entry_account_id ON public.ledger_entry USING btree (account_id, id DESC);


--
-- Name: ledger_entry_account_id_e9f5e345; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_entry_account_id_e9f5e345 ON public.ledger_entry USING btree (account_id);


--
-- Name: ledger_entry_member_id_482a4ddc; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_entry_member_id_482a4ddc ON public.ledger_entry USING btree (member_id);


--
-- Name: ledger_entry_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX ledger_entry_once ON public.ledger_entry USING btree (task_id, step, kind, package_id) NULLS NOT DISTINCT WHERE (task_id IS NOT NULL);


--
-- Name: ledger_entry_package_id_d8d8204b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_entry_package_id_d8d8204b ON public.ledger_entry USING btree (package_id);


--
-- Name: ledger_entry_task; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX ledger_entry_task ON public.ledger_entry USING btree (task_id);


--
-- Name: member_account_id_e70ed107; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_account_id_e70ed107 ON public.member USING btree (account_id);


--
-- Name: member_groups_group_id_d819ff8d; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_groups_group_id_d819ff8d ON public.member_groups USING btree (group_id);


--
-- Name: member_groups_member_id_09e37843; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_groups_member_id_09e37843 ON public.member_groups USING btree (member_id);


--
-- Name: member_user_permissions_member_id_a40d311e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_user_permissions_member_id_a40d311e ON public.member_user_permissions USING btree (member_id);


--
-- Name: member_user_permissions_permission_id_897dedb8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_user_permissions_permission_id_897dedb8 ON public.member_user_permissions USING btree (permission_id);


--
-- Name: member_username_e6d3a563_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX member_username_e6d3a563_like ON public.member USING btree (username varchar_pattern_ops);


--
-- Name: message_number; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_number ON ONLY public.message USING btree (number, task_id);


--
-- Name: message_p0_number_task_id_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX message_p0_number_task_id_idx ON public.message_p0 USING btree (number, task_id);


--
-- Name: orphan_retry; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orphan_retry ON public.orphan USING btree (retry_at) WHERE (retry_at IS NOT NULL);


--
-- Name: orphan_shown; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX orphan_shown ON public.orphan USING btree (carrier_id, kind, id) WHERE (matched_at IS NULL);


--
-- Name: otp_static_staticdevice_user_id_7f9cff2b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX otp_static_staticdevice_user_id_7f9cff2b ON public.otp_static_staticdevice USING btree (user_id);


--
-- Name: otp_static_statictoken_device_id_74b7c7d1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX otp_static_statictoken_device_id_74b7c7d1 ON public.otp_static_statictoken USING btree (device_id);


--
-- Name: otp_static_statictoken_token_d0a51866; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX otp_static_statictoken_token_d0a51866 ON public.otp_static_statictoken USING btree (token);


--
-- Name: otp_static_statictoken_token_d0a51866_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX otp_static_statictoken_token_d0a51866_like ON public.otp_static_statictoken USING btree (token varchar_pattern_ops);


--
-- Name: otp_totp_totpdevice_user_id_0fb18292; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX otp_totp_totpdevice_user_id_0fb18292 ON public.otp_totp_totpdevice USING btree (user_id);


--
-- Name: package_account_id_b49921cd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX package_account_id_b49921cd ON public.package USING btree (account_id);


--
-- Name: package_use_charge_id_b28aadea; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX package_use_charge_id_b28aadea ON public.package_use USING btree (charge_id);


--
-- Name: package_use_package_id_56f7ae77; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX package_use_package_id_56f7ae77 ON public.package_use USING btree (package_id);


--
-- Name: price_account_id_66828a9f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX price_account_id_66828a9f ON public.price USING btree (account_id);


--
-- Name: procrastinate_events_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_events_job_id_fkey_v1 ON public.procrastinate_events USING btree (job_id);


--
-- Name: procrastinate_jobs_id_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_id_lock_idx_v1 ON public.procrastinate_jobs USING btree (id, lock) WHERE (status = ANY (ARRAY['todo'::public.procrastinate_job_status, 'doing'::public.procrastinate_job_status]));


--
-- Name: procrastinate_jobs_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_lock_idx_v1 ON public.procrastinate_jobs USING btree (lock) WHERE (status = 'doing'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_priority_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_priority_idx_v1 ON public.procrastinate_jobs USING btree (priority DESC, id) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_jobs_queue_name_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_jobs_queue_name_idx_v1 ON public.procrastinate_jobs USING btree (queue_name);


--
-- Name: procrastinate_jobs_queueing_lock_idx_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock_idx_v1 ON public.procrastinate_jobs USING btree (queueing_lock) WHERE (status = 'todo'::public.procrastinate_job_status);


--
-- Name: procrastinate_periodic_defers_job_id_fkey_v1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX procrastinate_periodic_defers_job_id_fkey_v1 ON public.procrastinate_periodic_defers USING btree (job_id);


--
-- Name: recent_send_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX recent_send_at ON public.recent_send USING btree (at);


--
-- Name: recent_send_number; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX recent_send_number ON public.recent_send USING btree (number, account_id, at);


--
-- Name: route_account_id_0ad9e957; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX route_account_id_0ad9e957 ON public.route USING btree (account_id);


--
-- Name: route_application_id_495a3da2; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX route_application_id_495a3da2 ON public.route USING btree (application_id);


--
-- Name: route_carrier_id_6411d2e0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX route_carrier_id_6411d2e0 ON public.route USING btree (carrier_id);


--
-- Name: signature_account_id_4ee1bee1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX signature_account_id_4ee1bee1 ON public.signature USING btree (account_id);


--
-- Name: signature_application_id_1fdc0f30; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX signature_application_id_1fdc0f30 ON public.signature USING btree (application_id);


--
-- Name: signature_created_by_id_48b52390; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX signature_created_by_id_48b52390 ON public.signature USING btree (created_by_id);


--
-- Name: signature_submitted_by_id_eec808f1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX signature_submitted_by_id_eec808f1 ON public.signature USING btree (submitted_by_id);


--
-- Name: submission_id_hash; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_id_hash ON ONLY public.submission USING hash (id_hash);


--
-- Name: submission_20261129_id_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261129_id_hash_idx ON public.submission_20261129 USING hash (id_hash);


--
-- Name: submission_submitted_at; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_submitted_at ON ONLY public.submission USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: submission_20261129_submitted_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261129_submitted_at_idx ON public.submission_20261129 USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: submission_20261130_id_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261130_id_hash_idx ON public.submission_20261130 USING hash (id_hash);


--
-- Name: submission_20261130_submitted_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261130_submitted_at_idx ON public.submission_20261130 USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: submission_20261201_id_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261201_id_hash_idx ON public.submission_20261201 USING hash (id_hash);


--
-- Name: submission_20261201_submitted_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261201_submitted_at_idx ON public.submission_20261201 USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: submission_20261202_id_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261202_id_hash_idx ON public.submission_20261202 USING hash (id_hash);


--
-- Name: submission_20261202_submitted_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261202_submitted_at_idx ON public.submission_20261202 USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: submission_20261203_id_hash_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261203_id_hash_idx ON public.submission_20261203 USING hash (id_hash);


--
-- Name: submission_20261203_submitted_at_idx; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX submission_20261203_submitted_at_idx ON public.submission_20261203 USING brin (submitted_at) WITH (pages_per_range='32', autosummarize='on');


--
-- Name: task_account_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_account_id ON public.task USING btree (account_id, id DESC);


--
-- Name: task_account_id_30c3ac18; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_account_id_30c3ac18 ON public.task USING btree (account_id);


--
-- Name: task_application_id_39b72e41; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_application_id_39b72e41 ON public.task USING btree (application_id);


--
-- Name: task_carrier_id_7c00b79e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_carrier_id_7c00b79e ON public.task USING btree (carrier_id);


--
-- Name: task_created_by_id_02e24056; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_created_by_id_02e24056 ON public.task USING btree (created_by_id);


--
-- Name: task_live; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_live ON public.task USING btree (carrier_id, priority) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'executing'::character varying])::text[]));


--
-- Name: task_signature_id_19687e3c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_signature_id_19687e3c ON public.task USING btree (signature_id);


--
-- Name: task_template_id_61e43d17; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_template_id_61e43d17 ON public.task USING btree (template_id);


--
-- Name: task_unsent; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX task_unsent ON public.task USING btree (id) WHERE ((sent_at IS NULL) AND ((status)::text = 'executing'::text));


--
-- Name: template_account_id_5231792b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX template_account_id_5231792b ON public.template USING btree (account_id);


--
-- Name: template_application_id_83923ccf; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX template_application_id_83923ccf ON public.template USING btree (application_id);


--
-- Name: template_created_by_id_6d1346c1; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX template_created_by_id_6d1346c1 ON public.template USING btree (created_by_id);


--
-- Name: template_signature_id_3b4ae2bd; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX template_signature_id_3b4ae2bd ON public.template USING btree (signature_id);


--
-- Name: template_submitted_by_id_432ac740; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX template_submitted_by_id_432ac740 ON public.template USING btree (submitted_by_id);


--
-- Name: chunk_p0_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.chunk_pkey ATTACH PARTITION public.chunk_p0_pkey;


--
-- Name: chunk_p0_task_id_n_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.chunk_unsent ATTACH PARTITION public.chunk_p0_task_id_n_idx;


--
-- Name: failure_p0_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.failure_pkey ATTACH PARTITION public.failure_p0_pkey;


--
-- Name: message_p0_number_task_id_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.message_number ATTACH PARTITION public.message_p0_number_task_id_idx;


--
-- Name: message_p0_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.message_pkey ATTACH PARTITION public.message_p0_pkey;


--
-- Name: part_p0_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.part_pkey ATTACH PARTITION public.part_p0_pkey;


--
-- Name: submission_20261129_id_hash_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_id_hash ATTACH PARTITION public.submission_20261129_id_hash_idx;


--
-- Name: submission_20261129_submitted_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_submitted_at ATTACH PARTITION public.submission_20261129_submitted_at_idx;


--
-- Name: submission_20261130_id_hash_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_id_hash ATTACH PARTITION public.submission_20261130_id_hash_idx;


--
-- Name: submission_20261130_submitted_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_submitted_at ATTACH PARTITION public.submission_20261130_submitted_at_idx;


--
-- Name: submission_20261201_id_hash_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_id_hash ATTACH PARTITION public.submission_20261201_id_hash_idx;


--
-- Name: submission_20261201_submitted_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_submitted_at ATTACH PARTITION public.submission_20261201_submitted_at_idx;


--
-- Name: submission_20261202_id_hash_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_id_hash ATTACH PARTITION public.submission_20261202_id_hash_idx;


--
-- Name: submission_20261202_submitted_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_submitted_at ATTACH PARTITION public.submission_20261202_submitted_at_idx;


--
-- Name: submission_20261203_id_hash_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_id_hash ATTACH PARTITION public.submission_20261203_id_hash_idx;


--
-- Name: submission_20261203_submitted_at_idx; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.submission_submitted_at ATTACH PARTITION public.submission_20261203_submitted_at_idx;


--
-- Name: tally_p0_pkey; Type: INDEX ATTACH; Schema: public; Owner: -
--

ALTER INDEX public.tally_pkey ATTACH PARTITION public.tally_p0_pkey;


--
-- Name: account account_currency; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER account_currency BEFORE UPDATE OF currency ON public.account FOR EACH ROW WHEN (((new.currency)::text <> (old.currency)::text)) EXECUTE FUNCTION public.refuse_currency_change();


--
-- Name: audit_entry audit_entry_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_audit_change();


--
-- Name: balance balance_by_ledger; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER balance_by_ledger BEFORE INSERT OR DELETE OR UPDATE ON public.balance FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.refuse_money_change();


--
-- Name: carrier carrier_tells; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER carrier_tells AFTER INSERT OR DELETE OR UPDATE ON public.carrier FOR EACH STATEMENT EXECUTE FUNCTION public.sendmill_tell('carrier');


--
-- Name: ledger_entry ledger_entry_append_only; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ledger_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_ledger_change();


--
-- Name: ledger_entry ledger_entry_post; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER ledger_entry_post BEFORE INSERT ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION public.post_ledger_entry();


--
-- Name: package package_by_ledger; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER package_by_ledger BEFORE DELETE OR UPDATE OF remaining, held, account_id ON public.package FOR EACH STATEMENT WHEN ((pg_trigger_depth() = 0)) EXECUTE FUNCTION public.refuse_money_change();


--
-- Name: package package_empty; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER package_empty BEFORE INSERT ON public.package FOR EACH ROW WHEN (((new.remaining <> 0) OR (new.held <> 0))) EXECUTE FUNCTION public.refuse_money_change();


--
-- Name: task pending_tells; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pending_tells AFTER INSERT OR UPDATE OF status, scheduled_at ON public.task FOR EACH ROW WHEN (((new.status)::text = 'pending'::text)) EXECUTE FUNCTION public.sendmill_tell('pending');


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_aborted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_aborted_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN (((old.abort_requested = false) AND (new.abort_requested = true) AND (new.status = 'doing'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_notify_queue_abort_job_v1();


--
-- Name: procrastinate_jobs procrastinate_jobs_notify_queue_job_inserted_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_notify_queue_job_inserted_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_abort_requested_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_abort_requested_events_v1 AFTER UPDATE OF abort_requested ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.abort_requested = true)) EXECUTE FUNCTION public.procrastinate_trigger_abort_requested_events_procedure_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_delete_jobs_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_delete_jobs_v1 BEFORE DELETE ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_unlink_periodic_defers_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_scheduled_events_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_scheduled_events_v1 AFTER INSERT OR UPDATE ON public.procrastinate_jobs FOR EACH ROW WHEN (((new.scheduled_at IS NOT NULL) AND (new.status = 'todo'::public.procrastinate_job_status))) EXECUTE FUNCTION public.procrastinate_trigger_function_scheduled_events_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_insert_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_insert_v1 AFTER INSERT ON public.procrastinate_jobs FOR EACH ROW WHEN ((new.status = 'todo'::public.procrastinate_job_status)) EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_insert_v1();


--
-- Name: procrastinate_jobs procrastinate_trigger_status_events_update_v1; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER procrastinate_trigger_status_events_update_v1 AFTER UPDATE OF status ON public.procrastinate_jobs FOR EACH ROW EXECUTE FUNCTION public.procrastinate_trigger_function_status_events_update_v1();


--
-- Name: task task_tells; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER task_tells AFTER INSERT OR UPDATE OF status, paused, import_state, sent_at, opens_at, closes_at ON public.task FOR EACH ROW WHEN ((((new.status)::text = 'executing'::text) AND (NOT new.paused) AND ((new.import_state)::text = 'imported'::text) AND (new.sent_at IS NULL))) EXECUTE FUNCTION public.sendmill_tell('task');


--
-- Name: alarm alarm_account_id_35b2aab0_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_account_id_35b2aab0_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: alarm alarm_task_id_287be9c0_fk_task_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.alarm
    ADD CONSTRAINT alarm_task_id_287be9c0_fk_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: application application_account_id_6327a0f9_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_account_id_6327a0f9_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: application application_carrier_id_cd54e81b_fk_carrier_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_carrier_id_cd54e81b_fk_carrier_id FOREIGN KEY (carrier_id) REFERENCES public.carrier(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: audit_entry audit_entry_account_id_98d08615_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_account_id_98d08615_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: audit_entry audit_entry_member_id_9f02d910_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_member_id_9f02d910_fk_member_id FOREIGN KEY (member_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissio_permission_id_84c5c92e_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_group_permissions auth_group_permissions_group_id_b120cbf9_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_permission auth_permission_content_type_id_2f476e4b_fk_django_co; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: axes_accessattemptexpiration axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.axes_accessattemptexpiration
    ADD CONSTRAINT axes_accessattemptex_access_attempt_id_6b73a47a_fk_axes_acce FOREIGN KEY (access_attempt_id) REFERENCES public.axes_accessattempt(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: balance balance_account_id_f0c12166_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.balance
    ADD CONSTRAINT balance_account_id_f0c12166_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: budget budget_account_id_051f83bf_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.budget
    ADD CONSTRAINT budget_account_id_051f83bf_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: carrier carrier_account_id_38c5a32d_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.carrier
    ADD CONSTRAINT carrier_account_id_38c5a32d_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: charge charge_account_id_b8b252c5_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.charge
    ADD CONSTRAINT charge_account_id_b8b252c5_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_account_id_959ae1f6_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_account_id_959ae1f6_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_application_id_d3a4b25d_fk_application_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_application_id_d3a4b25d_fk_application_id FOREIGN KEY (application_id) REFERENCES public.application(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_created_by_id_2a6dfa9f_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_created_by_id_2a6dfa9f_fk_member_id FOREIGN KEY (created_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_signature_id_3839ac8b_fk_signature_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_signature_id_3839ac8b_fk_signature_id FOREIGN KEY (signature_id) REFERENCES public.signature(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_task_id_d3745a91_fk_task_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_task_id_d3745a91_fk_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: draft draft_template_id_108350bf_fk_template_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_template_id_108350bf_fk_template_id FOREIGN KEY (template_id) REFERENCES public.template(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: export export_account_id_fea3f4ec_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_account_id_fea3f4ec_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: export export_created_by_id_0bc8cc08_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_created_by_id_0bc8cc08_fk_member_id FOREIGN KEY (created_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: export export_draft_id_ced058c9_fk_draft_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_draft_id_ced058c9_fk_draft_id FOREIGN KEY (draft_id) REFERENCES public.draft(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: export export_task_id_2f5140a8_fk_task_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.export
    ADD CONSTRAINT export_task_id_2f5140a8_fk_task_id FOREIGN KEY (task_id) REFERENCES public.task(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: ledger_entry ledger_entry_account_id_e9f5e345_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_account_id_e9f5e345_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: ledger_entry ledger_entry_member_id_482a4ddc_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_member_id_482a4ddc_fk_member_id FOREIGN KEY (member_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: ledger_entry ledger_entry_package_id_d8d8204b_fk_package_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_package_id_d8d8204b_fk_package_id FOREIGN KEY (package_id) REFERENCES public.package(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: member member_account_id_e70ed107_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_account_id_e70ed107_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: member_groups member_groups_group_id_d819ff8d_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_groups
    ADD CONSTRAINT member_groups_group_id_d819ff8d_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: member_groups member_groups_member_id_09e37843_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_groups
    ADD CONSTRAINT member_groups_member_id_09e37843_fk_member_id FOREIGN KEY (member_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: member_user_permissions member_user_permissi_permission_id_897dedb8_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_user_permissions
    ADD CONSTRAINT member_user_permissi_permission_id_897dedb8_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: member_user_permissions member_user_permissions_member_id_a40d311e_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.member_user_permissions
    ADD CONSTRAINT member_user_permissions_member_id_a40d311e_fk_member_id FOREIGN KEY (member_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: otp_static_staticdevice otp_static_staticdevice_user_id_7f9cff2b_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_user_id_7f9cff2b_fk_member_id FOREIGN KEY (user_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: otp_static_statictoken otp_static_statictok_device_id_74b7c7d1_fk_otp_stati; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictok_device_id_74b7c7d1_fk_otp_stati FOREIGN KEY (device_id) REFERENCES public.otp_static_staticdevice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: otp_totp_totpdevice otp_totp_totpdevice_user_id_0fb18292_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_user_id_0fb18292_fk_member_id FOREIGN KEY (user_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: package package_account_id_b49921cd_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package
    ADD CONSTRAINT package_account_id_b49921cd_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: package_use package_use_charge_id_b28aadea_fk_charge_task_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package_use
    ADD CONSTRAINT package_use_charge_id_b28aadea_fk_charge_task_id FOREIGN KEY (charge_id) REFERENCES public.charge(task_id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: package_use package_use_package_id_56f7ae77_fk_package_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.package_use
    ADD CONSTRAINT package_use_package_id_56f7ae77_fk_package_id FOREIGN KEY (package_id) REFERENCES public.package(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: price price_account_id_66828a9f_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.price
    ADD CONSTRAINT price_account_id_66828a9f_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: procrastinate_events procrastinate_events_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_events
    ADD CONSTRAINT procrastinate_events_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id) ON DELETE CASCADE;


--
-- Name: procrastinate_jobs procrastinate_jobs_worker_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_jobs
    ADD CONSTRAINT procrastinate_jobs_worker_id_fkey FOREIGN KEY (worker_id) REFERENCES public.procrastinate_workers(id) ON DELETE SET NULL;


--
-- Name: procrastinate_periodic_defers procrastinate_periodic_defers_job_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.procrastinate_periodic_defers
    ADD CONSTRAINT procrastinate_periodic_defers_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.procrastinate_jobs(id);


--
-- Name: route route_account_id_0ad9e957_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.route
    ADD CONSTRAINT route_account_id_0ad9e957_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: route route_application_id_495a3da2_fk_application_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.route
    ADD CONSTRAINT route_application_id_495a3da2_fk_application_id FOREIGN KEY (application_id) REFERENCES public.application(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: route route_carrier_id_6411d2e0_fk_carrier_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.route
    ADD CONSTRAINT route_carrier_id_6411d2e0_fk_carrier_id FOREIGN KEY (carrier_id) REFERENCES public.carrier(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: signature signature_account_id_4ee1bee1_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_account_id_4ee1bee1_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: signature signature_application_id_1fdc0f30_fk_application_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_application_id_1fdc0f30_fk_application_id FOREIGN KEY (application_id) REFERENCES public.application(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: signature signature_created_by_id_48b52390_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_created_by_id_48b52390_fk_member_id FOREIGN KEY (created_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: signature signature_submitted_by_id_eec808f1_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.signature
    ADD CONSTRAINT signature_submitted_by_id_eec808f1_fk_member_id FOREIGN KEY (submitted_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_account_id_30c3ac18_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_account_id_30c3ac18_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_application_id_39b72e41_fk_application_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_application_id_39b72e41_fk_application_id FOREIGN KEY (application_id) REFERENCES public.application(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_carrier_id_7c00b79e_fk_carrier_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_carrier_id_7c00b79e_fk_carrier_id FOREIGN KEY (carrier_id) REFERENCES public.carrier(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_created_by_id_02e24056_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_created_by_id_02e24056_fk_member_id FOREIGN KEY (created_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_signature_id_19687e3c_fk_signature_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_signature_id_19687e3c_fk_signature_id FOREIGN KEY (signature_id) REFERENCES public.signature(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: task task_template_id_61e43d17_fk_template_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.task
    ADD CONSTRAINT task_template_id_61e43d17_fk_template_id FOREIGN KEY (template_id) REFERENCES public.template(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: template template_account_id_5231792b_fk_account_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_account_id_5231792b_fk_account_id FOREIGN KEY (account_id) REFERENCES public.account(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: template template_application_id_83923ccf_fk_application_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_application_id_83923ccf_fk_application_id FOREIGN KEY (application_id) REFERENCES public.application(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: template template_created_by_id_6d1346c1_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_created_by_id_6d1346c1_fk_member_id FOREIGN KEY (created_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: template template_signature_id_3b4ae2bd_fk_signature_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_signature_id_3b4ae2bd_fk_signature_id FOREIGN KEY (signature_id) REFERENCES public.signature(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: template template_submitted_by_id_432ac740_fk_member_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.template
    ADD CONSTRAINT template_submitted_by_id_432ac740_fk_member_id FOREIGN KEY (submitted_by_id) REFERENCES public.member(id) DEFERRABLE INITIALLY DEFERRED;


--
-- PostgreSQL database dump complete
--

\unrestrict release

