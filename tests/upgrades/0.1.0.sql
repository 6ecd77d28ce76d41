--
-- PostgreSQL database dump
--


-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: pg_trgm; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;


--
-- Name: EXTENSION pg_trgm; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement and index searching based on trigrams';


--
-- Name: unaccent; Type: EXTENSION; Schema: -; Owner: -
--

CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;


--
-- Name: EXTENSION unaccent; Type: COMMENT; Schema: -; Owner: -
--

COMMENT ON EXTENSION unaccent IS 'text search dictionary that removes accents';


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
-- Name: _pgtrigger_should_ignore(name); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
                DECLARE
                    _pgtrigger_ignore TEXT[];
                    _result BOOLEAN;
                BEGIN
                    BEGIN
                        SELECT INTO _pgtrigger_ignore
                            CURRENT_SETTING('pgtrigger.ignore');
                        EXCEPTION WHEN OTHERS THEN
                    END;
                    IF _pgtrigger_ignore IS NOT NULL THEN
                        SELECT trigger_name = ANY(_pgtrigger_ignore)
                        INTO _result;
                        RETURN _result;
                    ELSE
                        RETURN FALSE;
                    END IF;
                END;
            $$;


--
-- Name: document_label(character varying, bigint); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.document_label(prefix character varying, number bigint) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((prefix)::text || lpad((number)::text, GREATEST(6, length((number)::text)), '0'::text));


--
-- Name: due_date(date, character varying, integer); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.due_date(starts_on date, cycle character varying, period integer) RETURNS date
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((starts_on + ((period)::double precision * CASE cycle WHEN 'once'::text THEN '00:00:00'::interval WHEN 'weekly'::text THEN '7 days'::interval WHEN 'monthly'::text THEN '1 mon'::interval WHEN 'quarterly'::text THEN '3 mons'::interval WHEN 'half_yearly'::text THEN '6 mons'::interval WHEN 'yearly'::text THEN '1 year'::interval WHEN 'two_yearly'::text THEN '2 years'::interval WHEN 'three_yearly'::text THEN '3 years'::interval ELSE NULL::interval END)))::date;


--
-- Name: minor_units(character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.minor_units(currency character varying) RETURNS integer
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE WHEN ((currency)::text = ANY ((ARRAY['AED'::character varying, 'AFN'::character varying, 'ALL'::character varying, 'AMD'::character varying, 'AOA'::character varying, 'ARS'::character varying, 'AUD'::character varying, 'AWG'::character varying, 'AZN'::character varying, 'BAM'::character varying, 'BBD'::character varying, 'BDT'::character varying, 'BMD'::character varying, 'BND'::character varying, 'BOB'::character varying, 'BRL'::character varying, 'BSD'::character varying, 'BTN'::character varying, 'BWP'::character varying, 'BYN'::character varying, 'BZD'::character varying, 'CAD'::character varying, 'CDF'::character varying, 'CHF'::character varying, 'CNY'::character varying, 'COP'::character varying, 'CRC'::character varying, 'CUP'::character varying, 'CVE'::character varying, 'CZK'::character varying, 'DKK'::character varying, 'DOP'::character varying, 'DZD'::character varying, 'EGP'::character varying, 'ERN'::character varying, 'ETB'::character varying, 'EUR'::character varying, 'FJD'::character varying, 'FKP'::character varying, 'GBP'::character varying, 'GEL'::character varying, 'GHS'::character varying, 'GIP'::character varying, 'GMD'::character varying, 'GTQ'::character varying, 'GYD'::character varying, 'HKD'::character varying, 'HNL'::character varying, 'HTG'::character varying, 'HUF'::character varying, 'IDR'::character varying, 'ILS'::character varying, 'INR'::character varying, 'IRR'::character varying, 'JMD'::character varying, 'KES'::character varying, 'KGS'::character varying, 'KHR'::character varying, 'KPW'::character varying, 'KYD'::character varying, 'KZT'::character varying, 'LAK'::character varying, 'LBP'::character varying, 'LKR'::character varying, 'LRD'::character varying, 'LSL'::character varying, 'MAD'::character varying, 'MDL'::character varying, 'MGA'::character varying, 'MKD'::character varying, 'MMK'::character varying, 'MNT'::character varying, 'MOP'::character varying, 'MRU'::character varying, 'MUR'::character varying, 'MVR'::character varying, 'MWK'::character varying, 'MXN'::character varying, 'MYR'::character varying, 'MZN'::character varying, 'NAD'::character varying, 'NGN'::character varying, 'NIO'::character varying, 'NOK'::character varying, 'NPR'::character varying, 'NZD'::character varying, 'PAB'::character varying, 'PEN'::character varying, 'PGK'::character varying, 'PHP'::character varying, 'PKR'::character varying, 'PLN'::character varying, 'QAR'::character varying, 'RON'::character varying, 'RSD'::character varying, 'RUB'::character varying, 'SAR'::character varying, 'SBD'::character varying, 'SCR'::character varying, 'SDG'::character varying, 'SEK'::character varying, 'SGD'::character varying, 'SHP'::character varying, 'SLE'::character varying, 'SOS'::character varying, 'SRD'::character varying, 'SSP'::character varying, 'STN'::character varying, 'SYP'::character varying, 'SZL'::character varying, 'THB'::character varying, 'TJS'::character varying, 'TMT'::character varying, 'TOP'::character varying, 'TRY'::character varying, 'TTD'::character varying, 'TWD'::character varying, 'TZS'::character varying, 'UAH'::character varying, 'USD'::character varying, 'UYU'::character varying, 'UZS'::character varying, 'VES'::character varying, 'WST'::character varying, 'XCD'::character varying, 'YER'::character varying, 'ZAR'::character varying, 'ZMW'::character varying])::text[])) THEN 2 WHEN ((currency)::text = ANY ((ARRAY['BIF'::character varying, 'CLP'::character varying, 'DJF'::character varying, 'GNF'::character varying, 'ISK'::character varying, 'JPY'::character varying, 'KMF'::character varying, 'KRW'::character varying, 'PYG'::character varying, 'RWF'::character varying, 'UGX'::character varying, 'VND'::character varying, 'VUV'::character varying, 'XAF'::character varying, 'XOF'::character varying, 'XPF'::character varying])::text[])) THEN 0 WHEN ((currency)::text = ANY ((ARRAY['BHD'::character varying, 'IQD'::character varying, 'JOD'::character varying, 'KWD'::character varying, 'LYD'::character varying, 'OMR'::character varying, 'TND'::character varying])::text[])) THEN 3 ELSE NULL::integer END;


--
-- Name: money_text(numeric, character varying); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.money_text(amount numeric, currency character varying) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN ((to_char(round(amount, public.minor_units(currency)), CASE public.minor_units(currency) WHEN 0 THEN 'FM999,999,999,999,999,990'::text WHEN 2 THEN 'FM999,999,999,999,999,990.00'::text ELSE 'FM999,999,999,999,999,990.000'::text END) || ' '::text) || (currency)::text);


--
-- Name: next_client_number(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.next_client_number() RETURNS bigint
    LANGUAGE plpgsql
    AS $$
            DECLARE candidate bigint;
            BEGIN
                LOOP
                    candidate := nextval('client_number_seq');
                    EXIT WHEN NOT EXISTS (SELECT FROM clients_client WHERE number = candidate)
                        AND NOT EXISTS (SELECT FROM clients_clientnumberalias WHERE number = candidate)
                        AND NOT EXISTS (SELECT FROM clients_clientdeletion WHERE number = candidate);
                END LOOP;
                RETURN candidate;
            END $$;


--
-- Name: pgtrigger_amounts_frozen_d4c8e(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_amounts_frozen_d4c8e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A transaction''s amounts, date and description never change; book a refund or a reversal.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_append_only_1a262(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_append_only_1a262() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The ledger is append-only; book another entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_cancelled_for_good_f6cef(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_cancelled_for_good_f6cef() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A cancelled invoice stays cancelled; make a new one.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_credits_on_delete_90994(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_credits_on_delete_90994() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    UPDATE invoices_invoice invoice
    SET amount_credited = invoice.amount_credited + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -total AS amount FROM old_notes) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    RETURN NULL;
                END;
            $$;


--
-- Name: pgtrigger_credits_on_insert_5ed32(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_credits_on_insert_5ed32() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (SELECT FROM new_notes note JOIN invoices_invoice invoice ON invoice.id = note.invoice_id
               WHERE invoice.client_id <> note.client_id OR invoice.currency <> note.currency
                  OR invoice.status IN ('draft', 'cancelled')) THEN
        RAISE EXCEPTION 'A credit note is of an issued invoice, and of its client and currency.' USING ERRCODE = 'check_violation';
    END IF;

    UPDATE invoices_invoice invoice
    SET amount_credited = invoice.amount_credited + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, total AS amount FROM new_notes) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    RETURN NULL;
                END;
            $$;


--
-- Name: pgtrigger_given_once_60e0b(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_given_once_60e0b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What a grant gave never changes; book an entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_issued_at_once_b17b0(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_at_once_b17b0() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                    IF EXISTS (
                        SELECT FROM (
                            SELECT invoice_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax,
                                   min(currency) AS first_currency, max(currency) AS last_currency,
                                   min(client_id) AS first_client, max(client_id) AS last_client
                            FROM new_lines GROUP BY invoice_id
                        ) added
                        JOIN invoices_invoice invoice ON invoice.id = added.invoice_id
                        WHERE added.first_currency <> invoice.currency OR added.last_currency <> invoice.currency
                           OR added.first_client <> invoice.client_id OR added.last_client <> invoice.client_id
                           OR (invoice.status <> 'draft' AND (
                                  added.amount <> invoice.subtotal OR added.tax <> invoice.tax
                                  OR added.lines <> (SELECT count(*) FROM invoices_invoiceline line
                                                     WHERE line.invoice_id = added.invoice_id)))
                    ) THEN
                        RAISE EXCEPTION 'Lines are of their invoice''s client and currency, and an issued one takes no more.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                
                END;
            $$;


--
-- Name: pgtrigger_issued_frozen_3deb6(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_frozen_3deb6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A credit note never changes; issue another document.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_issued_frozen_b775d(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_frozen_b775d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'An issued invoice never changes. Correct it with a new document.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_issued_frozen_e5dd6(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_frozen_e5dd6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A credit note never changes; issue another document.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_issued_never_deleted_7aae8(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_never_deleted_7aae8() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'An issued invoice is never deleted; cancel it.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_issued_unchanged_f0d80(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_unchanged_f0d80() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                    IF EXISTS (SELECT FROM invoices_invoice
                               WHERE id IN (OLD.invoice_id, NEW.invoice_id) AND status <> 'draft') THEN
                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                
                END;
            $$;


--
-- Name: pgtrigger_issued_undeleted_6f474(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_undeleted_6f474() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                    IF EXISTS (SELECT FROM invoices_invoice WHERE id = OLD.invoice_id AND status <> 'draft') THEN
                        RAISE EXCEPTION 'The lines of an issued invoice never change.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN OLD;
                
                END;
            $$;


--
-- Name: pgtrigger_issued_with_its_lines_f290f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_issued_with_its_lines_f290f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                    IF (SELECT ROW(coalesce(sum(amount), 0), coalesce(sum(tax), 0)) FROM invoices_invoiceline
                        WHERE invoice_id = NEW.id) IS DISTINCT FROM ROW(NEW.subtotal, NEW.tax) THEN
                        RAISE EXCEPTION 'The totals of an issued invoice are the sums of its lines.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                
                END;
            $$;


--
-- Name: pgtrigger_keep_sums_on_delete_61031(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_keep_sums_on_delete_61031() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount
    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes
          GROUP BY grant_id HAVING sum(amount) <> 0) moved
    WHERE grant_.id = moved.grant_id;

    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) changes
          GROUP BY account_id HAVING sum(amount) <> 0) moved
    WHERE account.id = moved.account_id;

    
    UPDATE invoices_invoice invoice
    SET credit_applied = invoice.credit_applied + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, -amount AS amount FROM old_rows) entries) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_keep_sums_on_insert_ff054(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_keep_sums_on_insert_ff054() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (
        SELECT FROM new_rows entry
        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        JOIN credits_creditaccount account ON account.id = entry.account_id
        LEFT JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id
        WHERE grant_.account_id <> entry.account_id OR account.client_id <> entry.client_id
           OR grant_.client_id <> entry.client_id OR grant_.currency <> entry.currency
           OR account.currency <> entry.currency OR invoice.client_id <> entry.client_id
           OR invoice.currency <> entry.currency
    ) THEN
        RAISE EXCEPTION 'A credit entry, its grant, account and invoice belong to one client and one currency.' USING ERRCODE = 'check_violation';
    END IF;

    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount
    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes
          GROUP BY grant_id HAVING sum(amount) <> 0) moved
    WHERE grant_.id = moved.grant_id;

    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) changes
          GROUP BY account_id HAVING sum(amount) <> 0) moved
    WHERE account.id = moved.account_id;

    
    UPDATE invoices_invoice invoice
    SET credit_applied = invoice.credit_applied + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows) entries) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_keep_sums_on_update_b4af7(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_keep_sums_on_update_b4af7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (
        SELECT FROM new_rows entry
        JOIN credits_creditgrant grant_ ON grant_.id = entry.grant_id
        JOIN credits_creditaccount account ON account.id = entry.account_id
        LEFT JOIN invoices_invoice invoice ON invoice.id = entry.invoice_id
        WHERE grant_.account_id <> entry.account_id OR account.client_id <> entry.client_id
           OR grant_.client_id <> entry.client_id OR grant_.currency <> entry.currency
           OR account.currency <> entry.currency OR invoice.client_id <> entry.client_id
           OR invoice.currency <> entry.currency
    ) THEN
        RAISE EXCEPTION 'A credit entry, its grant, account and invoice belong to one client and one currency.' USING ERRCODE = 'check_violation';
    END IF;

    UPDATE credits_creditgrant grant_ SET remaining = grant_.remaining + moved.amount
    FROM (SELECT grant_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes
          GROUP BY grant_id HAVING sum(amount) <> 0) moved
    WHERE grant_.id = moved.grant_id;

    UPDATE credits_creditaccount account SET balance = account.balance + moved.amount
    FROM (SELECT account_id, sum(amount) AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) changes
          GROUP BY account_id HAVING sum(amount) <> 0) moved
    WHERE account.id = moved.account_id;

    
    UPDATE invoices_invoice invoice
    SET credit_applied = invoice.credit_applied + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, -amount AS amount FROM (SELECT grant_id, account_id, invoice_id, amount FROM new_rows UNION ALL SELECT grant_id, account_id, invoice_id, -amount FROM old_rows) entries) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_keeps_its_number_94fbd(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_keeps_its_number_94fbd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A client keeps its number.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_label_stays_c7ea6(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_label_stays_c7ea6() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A transaction keeps the label, method and reference that it was booked with.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_ledger_moves_95114(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_ledger_moves_95114() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A balance follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_ledger_moves_dfb4d(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_ledger_moves_dfb4d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What remains follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_ledger_start_3bc94(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_ledger_start_3bc94() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What remains follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_ledger_start_cacda(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_ledger_start_cacda() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A balance follows the ledger; insert a credit entry instead.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_a_draft_again_aaa1f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_a_draft_again_aaa1f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'An issued invoice never becomes a draft again.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_deleted_15749(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_deleted_15749() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A transaction is never deleted; reverse it.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_deleted_4444c(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_deleted_4444c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The lines of a credit note stay.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_deleted_95f4d(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_deleted_95f4d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A grant is never deleted; take its rest back.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_deleted_df4bd(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_deleted_df4bd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The ledger is append-only; entries go only with their client.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_never_deleted_f8aaa(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_never_deleted_f8aaa() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A credit note is never deleted.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_no_more_than_billed_30efd(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_no_more_than_billed_30efd() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (
        SELECT FROM new_lines line
        JOIN invoices_creditnote note ON note.id = line.credit_note_id
        JOIN invoices_invoiceline billed ON billed.id = line.invoice_line_id
        WHERE billed.invoice_id <> note.invoice_id OR line.client_id <> note.client_id
           OR line.currency <> note.currency OR line.tax_rate <> billed.tax_rate
    ) OR EXISTS (
        SELECT FROM (SELECT credit_note_id, count(*) AS lines, sum(amount) AS amount, sum(tax) AS tax
                     FROM new_lines GROUP BY credit_note_id) added
        JOIN invoices_creditnote note ON note.id = added.credit_note_id
        WHERE added.amount <> note.subtotal OR added.tax <> note.tax
           OR added.lines <> (SELECT count(*) FROM invoices_creditnoteline line
                              WHERE line.credit_note_id = added.credit_note_id)
    ) THEN
        RAISE EXCEPTION 'A credit note has lines of its own invoice, all at once, and its totals are their sums.' USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM invoices_invoiceline billed
        JOIN (SELECT invoice_line_id, sum(amount) AS amount, sum(tax) AS tax, sum(quantity) AS quantity
              FROM invoices_creditnoteline
              WHERE invoice_line_id IN (SELECT invoice_line_id FROM new_lines) GROUP BY invoice_line_id) credited
          ON credited.invoice_line_id = billed.id
        WHERE credited.amount > billed.amount OR credited.tax > billed.tax OR credited.quantity > billed.quantity
    ) THEN
        RAISE EXCEPTION 'No more of a line is credited than it billed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_note_stays_14cad(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_note_stays_14cad() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_note_stays_35a1e(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_note_stays_35a1e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_note_stays_f4826(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_note_stays_f4826() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A note stays as it was written; only a client''s deletion empties it.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_number_never_given_twice_e6b1e(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_number_never_given_twice_e6b1e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
                    IF EXISTS (SELECT FROM new_rows JOIN clients_clientnumberalias USING (number))
                       OR EXISTS (SELECT FROM new_rows JOIN clients_clientdeletion USING (number)) THEN
                        RAISE EXCEPTION 'This client number belonged to a client that was merged or deleted.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                
                END;
            $$;


--
-- Name: pgtrigger_one_currency_0e566(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_0e566() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of a billable item never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_one_currency_77a94(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_77a94() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of a credit note''s line never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_one_currency_8754e(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_8754e() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of a credit note never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_one_currency_8fa7a(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_8fa7a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of a credit account never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_one_currency_a006d(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_a006d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of an invoice never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_one_currency_c13c7(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_one_currency_c13c7() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The currency of an invoice line never changes.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_refunded_within_0df95(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_refunded_within_0df95() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (SELECT FROM transactions_transaction paid
               WHERE paid.id IN (SELECT refund_of_id FROM new_rows WHERE refund_of_id IS NOT NULL)
                 AND paid.amount_in < (SELECT sum(refund.amount_out) FROM transactions_transaction refund
                                       WHERE refund.refund_of_id = paid.id)) THEN
        RAISE EXCEPTION 'No more is given back of a payment than came in.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_settlement_moves_27356(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_settlement_moves_27356() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_settlement_start_74b95(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_settlement_start_74b95() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What settles an invoice follows the ledger, the transactions and the credit notes; write those.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_settles_on_delete_f206c(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_settles_on_delete_f206c() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    UPDATE invoices_invoice invoice
    SET amount_paid = invoice.amount_paid + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_out - amount_in AS amount FROM old_rows) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_settles_on_insert_4592a(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_settles_on_insert_4592a() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    
    IF EXISTS (SELECT FROM new_rows paid JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id
               WHERE invoice.currency <> paid.currency OR invoice.client_id IS DISTINCT FROM paid.client_id) THEN
        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';
    END IF;

    UPDATE invoices_invoice invoice
    SET amount_paid = invoice.amount_paid + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_settles_on_update_a3a87(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_settles_on_update_a3a87() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    IF (current_setting('billing_admin.maintenance', true) = 'merge' OR current_setting('billing_admin.maintenance', true) = 'delete') IS NOT TRUE THEN 
    IF EXISTS (SELECT FROM new_rows paid JOIN invoices_invoice invoice ON invoice.id = paid.invoice_id
               WHERE invoice.currency <> paid.currency OR invoice.client_id IS DISTINCT FROM paid.client_id) THEN
        RAISE EXCEPTION 'A transaction settles only an invoice of its own client and currency.' USING ERRCODE = 'check_violation';
    END IF;
 END IF;
    UPDATE invoices_invoice invoice
    SET amount_paid = invoice.amount_paid + moved.amount,
        status = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.status
            WHEN invoice.balance_due = moved.amount THEN 'paid'
            ELSE 'unpaid' END,
        paid_at = CASE
            WHEN invoice.status NOT IN ('unpaid', 'paid') THEN invoice.paid_at
            WHEN invoice.balance_due = moved.amount THEN statement_timestamp()
            END
    FROM (SELECT invoice_id, sum(amount) AS amount FROM (SELECT invoice_id, amount_in - amount_out AS amount FROM new_rows UNION ALL SELECT invoice_id, amount_out - amount_in FROM old_rows) changes
          WHERE invoice_id IS NOT NULL GROUP BY invoice_id HAVING sum(amount) <> 0) moved
    WHERE invoice.id = moved.invoice_id;
    RETURN NULL;

                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_19502(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_19502() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A credit note moves to another client only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_3b0cf(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_3b0cf() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'The ledger is append-only; only a merge re-points entries.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_4eeee(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_4eeee() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A transaction moves to another client only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_50231(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_50231() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A grant moves only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_7066f(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_7066f() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A credit account moves only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_d949b(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_d949b() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A line moves to another client only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_db83d(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_db83d() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'A line moves to another client only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_stays_with_client_eef84(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_stays_with_client_eef84() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'An invoice moves to another client only by a merge.' USING ERRCODE = 'check_violation';
                END;
            $$;


--
-- Name: pgtrigger_summary_stays_49648(); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.pgtrigger_summary_stays_49648() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
                
                BEGIN
                    IF ("public"._pgtrigger_should_ignore(TG_NAME) IS TRUE) THEN
                        IF (TG_OP = 'DELETE') THEN
                            RETURN OLD;
                        ELSE
                            RETURN NEW;
                        END IF;
                    END IF;
                    RAISE EXCEPTION 'What was done stays as it was written down.' USING ERRCODE = 'check_violation';
                END;
            $$;


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
-- Name: search_fold(text); Type: FUNCTION; Schema: public; Owner: -
--

CREATE FUNCTION public.search_fold(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN upper(public.unaccent('public.unaccent'::regdictionary, value));


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
-- Name: auth_user; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user (
    id integer NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    username character varying(150) NOT NULL,
    first_name character varying(150) NOT NULL,
    last_name character varying(150) NOT NULL,
    email character varying(254) NOT NULL,
    is_staff boolean NOT NULL,
    is_active boolean NOT NULL,
    date_joined timestamp with time zone NOT NULL
);


--
-- Name: auth_user_groups; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user_groups (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    group_id integer NOT NULL
);


--
-- Name: auth_user_groups_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_user_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: auth_user_user_permissions; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.auth_user_user_permissions (
    id bigint NOT NULL,
    user_id integer NOT NULL,
    permission_id integer NOT NULL
);


--
-- Name: auth_user_user_permissions_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.auth_user_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_user_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: billing_admin_job; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.billing_admin_job (
    id bigint NOT NULL,
    kind character varying(40) NOT NULL,
    subject character varying(64) NOT NULL,
    arguments jsonb NOT NULL,
    state character varying(7) NOT NULL,
    level character varying(9) NOT NULL,
    outcome text NOT NULL,
    doing character varying(100) NOT NULL,
    done integer NOT NULL,
    total integer NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    started_at timestamp with time zone,
    finished_at timestamp with time zone,
    asked_by_id integer,
    CONSTRAINT billing_admin_job_done_check CHECK ((done >= 0)),
    CONSTRAINT billing_admin_job_total_check CHECK ((total >= 0)),
    CONSTRAINT job_state CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'done'::character varying, 'refused'::character varying, 'failed'::character varying])::text[])))
);


--
-- Name: billing_admin_job_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.billing_admin_job ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.billing_admin_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: billing_admin_offeredpermission; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.billing_admin_offeredpermission (
    id bigint NOT NULL,
    group_name character varying(150) NOT NULL,
    permission character varying(200) NOT NULL
);


--
-- Name: billing_admin_offeredpermission_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.billing_admin_offeredpermission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.billing_admin_offeredpermission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: client_number_seq; Type: SEQUENCE; Schema: public; Owner: -
--

CREATE SEQUENCE public.client_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: clients_activity; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_activity (
    id bigint NOT NULL,
    actor_name character varying(150) NOT NULL,
    verb character varying(50) NOT NULL,
    summary text NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    data jsonb NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id integer,
    client_id bigint
);


--
-- Name: clients_activity_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_activity ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_activity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_client; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_client (
    id bigint NOT NULL,
    number bigint DEFAULT public.next_client_number() NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    company_name character varying(200) NOT NULL,
    name text GENERATED ALWAYS AS (COALESCE(NULLIF((company_name)::text, ''::text), TRIM(BOTH FROM ((COALESCE(first_name, ''::character varying))::text || COALESCE((COALESCE(' '::text, ''::text) || (COALESCE(last_name, ''::character varying))::text), ''::text))))) STORED,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    tax_id character varying(40) NOT NULL,
    address_1 character varying(200) NOT NULL,
    address_2 character varying(200) NOT NULL,
    city character varying(100) NOT NULL,
    region character varying(100) NOT NULL,
    postcode character varying(20) NOT NULL,
    country character varying(2) NOT NULL,
    currency character varying(3) NOT NULL,
    status character varying(10) NOT NULL,
    tax_exempt boolean NOT NULL,
    tax_rate numeric(6,3),
    credit_use character varying(10) NOT NULL,
    language character varying(10) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    search_text text GENERATED ALWAYS AS (public.search_fold(((COALESCE(first_name, ''::character varying))::text || COALESCE((COALESCE(' '::text, ''::text) || COALESCE(((COALESCE(last_name, ''::character varying))::text || COALESCE((COALESCE(' '::text, ''::text) || COALESCE(((COALESCE(company_name, ''::character varying))::text || COALESCE((COALESCE(' '::text, ''::text) || (COALESCE(email, ''::character varying))::text), ''::text)), ''::text)), ''::text)), ''::text)), ''::text)))) STORED,
    sort_name text GENERATED ALWAYS AS (public.search_fold(COALESCE(NULLIF((company_name)::text, ''::text), ((COALESCE(last_name, ''::character varying))::text || COALESCE((COALESCE(' '::text, ''::text) || (COALESCE(first_name, ''::character varying))::text), ''::text))))) STORED COLLATE pg_catalog."C",
    group_id bigint,
    CONSTRAINT client_credit_use CHECK (((credit_use)::text = ANY ((ARRAY[''::character varying, 'always'::character varying, 'whole'::character varying, 'never'::character varying])::text[]))),
    CONSTRAINT client_currency CHECK ((public.minor_units(currency) IS NOT NULL)),
    CONSTRAINT client_has_a_name CHECK ((NOT (((company_name)::text = ''::text) AND ((first_name)::text = ''::text) AND ((last_name)::text = ''::text)))),
    CONSTRAINT client_number_positive CHECK ((number > 0)),
    CONSTRAINT client_status CHECK (((status)::text = ANY ((ARRAY['active'::character varying, 'inactive'::character varying, 'closed'::character varying])::text[]))),
    CONSTRAINT client_tax_rate CHECK (((tax_rate IS NULL) OR ((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric)))),
    CONSTRAINT clients_client_number_check CHECK ((number >= 0))
);


--
-- Name: clients_client_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_client ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_client_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_clientdeletion; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_clientdeletion (
    id bigint NOT NULL,
    number bigint NOT NULL,
    merged_into bigint,
    transactions_kept boolean NOT NULL,
    counts jsonb NOT NULL,
    totals jsonb NOT NULL,
    deleted_by_name character varying(150) NOT NULL,
    deleted_at timestamp with time zone NOT NULL,
    deleted_by_id integer,
    CONSTRAINT clients_clientdeletion_merged_into_check CHECK ((merged_into >= 0)),
    CONSTRAINT clients_clientdeletion_number_check CHECK ((number >= 0)),
    CONSTRAINT deletion_number_positive CHECK ((number > 0))
);


--
-- Name: clients_clientdeletion_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_clientdeletion ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_clientdeletion_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_clientgroup; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_clientgroup (
    id bigint NOT NULL,
    name character varying(100) NOT NULL
);


--
-- Name: clients_clientgroup_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_clientgroup ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_clientgroup_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_clientmerge; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_clientmerge (
    id bigint NOT NULL,
    discarded_number bigint NOT NULL,
    discarded_snapshot jsonb NOT NULL,
    journal jsonb NOT NULL,
    totals jsonb NOT NULL,
    counts jsonb NOT NULL,
    merged_by_name character varying(150) NOT NULL,
    merged_at timestamp with time zone NOT NULL,
    undone_by_name character varying(150) NOT NULL,
    undone_at timestamp with time zone,
    kept_id bigint NOT NULL,
    merged_by_id integer,
    CONSTRAINT clients_clientmerge_discarded_number_check CHECK ((discarded_number >= 0))
);


--
-- Name: clients_clientmerge_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_clientmerge ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_clientmerge_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_clientnote; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_clientnote (
    id bigint NOT NULL,
    text text NOT NULL,
    pinned boolean NOT NULL,
    author_name character varying(150) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    author_id integer,
    client_id bigint NOT NULL,
    CONSTRAINT note_says_something CHECK ((NOT (text = ''::text)))
);


--
-- Name: clients_clientnote_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_clientnote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_clientnote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_clientnumberalias; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_clientnumberalias (
    id bigint NOT NULL,
    number bigint NOT NULL,
    client_id bigint NOT NULL,
    CONSTRAINT clients_clientnumberalias_number_check CHECK ((number >= 0))
);


--
-- Name: clients_clientnumberalias_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_clientnumberalias ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_clientnumberalias_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_contact; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_contact (
    id bigint NOT NULL,
    first_name character varying(100) NOT NULL,
    last_name character varying(100) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    client_id bigint NOT NULL
);


--
-- Name: clients_contact_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_contact ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_contact_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_formkey; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_formkey (
    id bigint NOT NULL,
    key character varying(64) NOT NULL,
    action character varying(40) NOT NULL,
    digest character varying(64) NOT NULL,
    made jsonb NOT NULL,
    text character varying(500) NOT NULL,
    at timestamp with time zone NOT NULL,
    client_id bigint,
    person_id integer
);


--
-- Name: clients_formkey_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_formkey ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_formkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_mergedrows; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_mergedrows (
    id bigint NOT NULL,
    kind character varying(30) NOT NULL,
    row_ids bigint[] NOT NULL,
    merge_id bigint NOT NULL
);


--
-- Name: clients_mergedrows_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_mergedrows ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_mergedrows_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: clients_notaduplicate; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.clients_notaduplicate (
    id bigint NOT NULL,
    decided_by_name character varying(150) NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_by_id integer,
    first_id bigint NOT NULL,
    second_id bigint NOT NULL,
    CONSTRAINT not_a_duplicate_in_order CHECK ((first_id < second_id))
);


--
-- Name: clients_notaduplicate_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.clients_notaduplicate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.clients_notaduplicate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_creditaccount; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditaccount (
    id bigint NOT NULL,
    currency character varying(3) NOT NULL,
    balance numeric(18,3) NOT NULL,
    is_open boolean GENERATED ALWAYS AS ((balance > (0)::numeric)) STORED,
    client_id bigint NOT NULL,
    CONSTRAINT credit_account_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= min_scale(balance))),
    CONSTRAINT credit_balance_not_negative CHECK ((balance >= (0)::numeric))
)
WITH (fillfactor='80');


--
-- Name: credits_creditaccount_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_creditaccount ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_creditaccount_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_creditbatch; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditbatch (
    id uuid NOT NULL,
    file_name character varying(200) NOT NULL,
    digest character varying(64) NOT NULL,
    row_count integer NOT NULL,
    grant_count integer NOT NULL,
    totals jsonb NOT NULL,
    created_by_name character varying(150) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    booked_at timestamp with time zone,
    created_by_id integer,
    CONSTRAINT credit_batch_grants_when_booked CHECK (((grant_count = 0) OR (booked_at IS NOT NULL))),
    CONSTRAINT credits_creditbatch_grant_count_check CHECK ((grant_count >= 0)),
    CONSTRAINT credits_creditbatch_row_count_check CHECK ((row_count >= 0))
);


--
-- Name: credits_creditbatchrow; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditbatchrow (
    id bigint NOT NULL,
    line integer NOT NULL,
    outcome character varying(5) NOT NULL,
    reason text NOT NULL,
    client_number bigint,
    client_key bigint,
    amount numeric(18,3),
    currency character varying(3) NOT NULL,
    description character varying(500) NOT NULL,
    category character varying(12) NOT NULL,
    expires_on date,
    priority smallint,
    file_key character varying(64),
    batch_id uuid NOT NULL,
    CONSTRAINT credit_batch_row_outcome CHECK ((((outcome)::text = ANY ((ARRAY['there'::character varying, 'bad'::character varying])::text[])) OR ((amount > (0)::numeric) AND (client_number IS NOT NULL) AND ((outcome)::text = 'good'::text) AND (priority IS NOT NULL) AND (NOT ((currency)::text = ''::text)) AND (NOT ((description)::text = ''::text)) AND (NOT ((category)::text = ''::text))))),
    CONSTRAINT credits_creditbatchrow_client_number_check CHECK ((client_number >= 0)),
    CONSTRAINT credits_creditbatchrow_line_check CHECK ((line >= 0)),
    CONSTRAINT credits_creditbatchrow_priority_check CHECK ((priority >= 0))
);


--
-- Name: credits_creditbatchrow_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_creditbatchrow ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_creditbatchrow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_creditentry; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditentry (
    id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(18,3) NOT NULL,
    batch uuid,
    description character varying(500) NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    actor_name character varying(150) NOT NULL,
    at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    actor_id integer,
    client_id bigint NOT NULL,
    invoice_id bigint,
    reverses_id bigint,
    grant_id bigint NOT NULL,
    CONSTRAINT credit_entry_invoice_settled CHECK ((((amount < (0)::numeric) AND (invoice_id IS NOT NULL) AND ((kind)::text = 'apply'::text)) OR ((amount > (0)::numeric) AND (invoice_id IS NOT NULL) AND ((kind)::text = 'release'::text)) OR ((NOT ((kind)::text = ANY ((ARRAY['apply'::character varying, 'release'::character varying])::text[]))) AND (invoice_id IS NULL)))),
    CONSTRAINT credit_entry_kind_and_sign CHECK ((((amount > (0)::numeric) AND ((kind)::text = 'grant'::text)) OR ((amount < (0)::numeric) AND ((kind)::text = ANY ((ARRAY['remove'::character varying, 'expire'::character varying])::text[]))) OR ((kind)::text = ANY ((ARRAY['apply'::character varying, 'release'::character varying, 'reverse'::character varying, 'adjust'::character varying, 'transfer'::character varying])::text[])))),
    CONSTRAINT credit_entry_moves_something CHECK ((NOT (amount = (0)::numeric))),
    CONSTRAINT credit_entry_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= min_scale(amount)))
);


--
-- Name: credits_creditentry_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_creditentry ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_creditentry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_creditgrant; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditgrant (
    id bigint NOT NULL,
    kind character varying(12) NOT NULL,
    category character varying(12) NOT NULL,
    description character varying(500) NOT NULL,
    currency character varying(3) NOT NULL,
    amount numeric(18,3) NOT NULL,
    remaining numeric(18,3) NOT NULL,
    is_open boolean GENERATED ALWAYS AS ((remaining > (0)::numeric)) STORED,
    priority smallint NOT NULL,
    expires_on date,
    listed boolean NOT NULL,
    file_key character varying(64),
    created_by_name character varying(150) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    account_id bigint NOT NULL,
    client_id bigint NOT NULL,
    created_by_id integer,
    transaction_id bigint,
    CONSTRAINT credit_grant_amount CHECK ((amount > (0)::numeric)),
    CONSTRAINT credit_grant_category CHECK (((category)::text = ANY ((ARRAY['promotional'::character varying, 'paid'::character varying])::text[]))),
    CONSTRAINT credit_grant_kind CHECK (((kind)::text = ANY ((ARRAY['credit'::character varying, 'adjustment'::character varying, 'overpayment'::character varying, 'refund'::character varying, 'transfer'::character varying])::text[]))),
    CONSTRAINT credit_grant_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(amount), min_scale(remaining)))),
    CONSTRAINT credit_grant_priority CHECK (((priority >= 0) AND (priority <= 1000))),
    CONSTRAINT credit_grant_remaining CHECK (((remaining >= (0)::numeric) AND (remaining <= amount))),
    CONSTRAINT credit_grant_says_why CHECK ((NOT ((description)::text = ''::text))),
    CONSTRAINT credits_creditgrant_priority_check CHECK ((priority >= 0))
)
WITH (fillfactor='80');


--
-- Name: credits_creditgrant_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_creditgrant ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_creditgrant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_creditsettings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_creditsettings (
    id smallint NOT NULL,
    credit_use character varying(10) NOT NULL,
    CONSTRAINT credit_settings_use CHECK (((credit_use)::text = ANY ((ARRAY['always'::character varying, 'whole'::character varying, 'never'::character varying])::text[]))),
    CONSTRAINT credits_creditsettings_id_check CHECK ((id >= 0)),
    CONSTRAINT one_row_of_credit_settings CHECK ((id = 1))
);


--
-- Name: credits_ledgercheck; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_ledgercheck (
    id bigint NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    finding_count integer NOT NULL,
    CONSTRAINT credits_ledgercheck_finding_count_check CHECK ((finding_count >= 0))
);


--
-- Name: credits_ledgercheck_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_ledgercheck ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_ledgercheck_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: credits_ledgerfinding; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.credits_ledgerfinding (
    id bigint NOT NULL,
    invariant character varying(10) NOT NULL,
    subject character varying(40) NOT NULL,
    subject_id bigint NOT NULL,
    text text NOT NULL,
    check_run_id bigint NOT NULL
);


--
-- Name: credits_ledgerfinding_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.credits_ledgerfinding ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.credits_ledgerfinding_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


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
-- Name: invoices_billableitem; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_billableitem (
    id bigint NOT NULL,
    description character varying(500) NOT NULL,
    quantity numeric(12,4) NOT NULL,
    currency character varying(3) NOT NULL,
    unit_price numeric(18,3) NOT NULL,
    tax_rate numeric(6,3),
    tax_included boolean,
    cycle character varying(12) NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    periods_billed integer NOT NULL,
    next_due_on date,
    paused boolean NOT NULL,
    import_key character varying(64),
    created_at timestamp with time zone NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    client_id bigint NOT NULL,
    CONSTRAINT billable_item_cycle CHECK (((cycle)::text = ANY ((ARRAY['once'::character varying, 'weekly'::character varying, 'monthly'::character varying, 'quarterly'::character varying, 'half_yearly'::character varying, 'yearly'::character varying, 'two_yearly'::character varying, 'three_yearly'::character varying])::text[]))),
    CONSTRAINT billable_item_due_is_counted CHECK (((next_due_on IS NULL) OR (next_due_on = public.due_date(starts_on, cycle, periods_billed)))),
    CONSTRAINT billable_item_end CHECK ((ends_on >= starts_on)),
    CONSTRAINT billable_item_once CHECK (((NOT ((cycle)::text = 'once'::text)) OR (periods_billed = 0) OR ((next_due_on IS NULL) AND (periods_billed = 1)))),
    CONSTRAINT billable_item_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= min_scale(unit_price))),
    CONSTRAINT billable_item_price CHECK ((unit_price >= (0)::numeric)),
    CONSTRAINT billable_item_quantity CHECK ((quantity > (0)::numeric)),
    CONSTRAINT billable_item_tax CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric))),
    CONSTRAINT invoices_billableitem_periods_billed_check CHECK ((periods_billed >= 0)),
    CONSTRAINT invoices_billableitem_version_check CHECK ((version >= 0))
);


--
-- Name: invoices_billableitem_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_billableitem ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_billableitem_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_creditnote; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_creditnote (
    id bigint NOT NULL,
    number_prefix character varying(16) NOT NULL,
    number bigint NOT NULL,
    label text GENERATED ALWAYS AS (public.document_label(number_prefix, number)) STORED,
    issued_on date NOT NULL,
    reason character varying(500) NOT NULL,
    bill_to_name character varying(300) NOT NULL,
    bill_to_address text NOT NULL,
    bill_to_email character varying(254) NOT NULL,
    bill_to_tax_id character varying(40) NOT NULL,
    currency character varying(3) NOT NULL,
    subtotal numeric(18,3) NOT NULL,
    tax numeric(18,3) NOT NULL,
    total numeric(18,3) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    created_by_id integer,
    invoice_id bigint NOT NULL,
    CONSTRAINT credit_note_amounts CHECK (((number > 0) AND (subtotal >= (0)::numeric) AND (tax >= (0)::numeric) AND (total > (0)::numeric))),
    CONSTRAINT credit_note_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(subtotal), min_scale(tax), min_scale(total)))),
    CONSTRAINT credit_note_says_why CHECK ((NOT ((reason)::text = ''::text))),
    CONSTRAINT credit_note_total_adds_up CHECK ((total = (subtotal + tax))),
    CONSTRAINT invoices_creditnote_number_check CHECK ((number >= 0))
);


--
-- Name: invoices_creditnote_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_creditnote ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_creditnote_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_creditnoteline; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_creditnoteline (
    id bigint NOT NULL,
    "position" integer NOT NULL,
    description character varying(500) NOT NULL,
    quantity numeric(12,4),
    currency character varying(3) NOT NULL,
    tax_rate numeric(6,3) NOT NULL,
    amount numeric(18,3) NOT NULL,
    tax numeric(18,3) NOT NULL,
    client_id bigint NOT NULL,
    credit_note_id bigint NOT NULL,
    invoice_line_id bigint NOT NULL,
    CONSTRAINT credit_note_line_amounts CHECK (((amount >= (0)::numeric) AND (tax >= (0)::numeric) AND (NOT ((amount = (0)::numeric) AND (tax = (0)::numeric))))),
    CONSTRAINT credit_note_line_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(amount), min_scale(tax)))),
    CONSTRAINT credit_note_line_quantity CHECK (((quantity IS NULL) OR (quantity > (0)::numeric))),
    CONSTRAINT invoices_creditnoteline_position_check CHECK (("position" >= 0))
);


--
-- Name: invoices_creditnoteline_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_creditnoteline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_creditnoteline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_deletednumbers; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_deletednumbers (
    id bigint NOT NULL,
    document character varying(20) NOT NULL,
    prefix character varying(16) NOT NULL,
    ranges int8range[] NOT NULL,
    deletion_id bigint NOT NULL
);


--
-- Name: invoices_deletednumbers_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_deletednumbers ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_deletednumbers_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_invoice; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_invoice (
    id bigint NOT NULL,
    number_prefix character varying(16) NOT NULL,
    number bigint,
    label text GENERATED ALWAYS AS (COALESCE(public.document_label(number_prefix, number), 'Draft'::text)) STORED,
    status character varying(10) NOT NULL,
    issued_on date,
    due_on date,
    paid_at timestamp with time zone,
    cancelled_at timestamp with time zone,
    bill_to_name character varying(300) NOT NULL,
    bill_to_address text NOT NULL,
    bill_to_email character varying(254) NOT NULL,
    bill_to_tax_id character varying(40) NOT NULL,
    currency character varying(3) NOT NULL,
    subtotal numeric(18,3) NOT NULL,
    tax numeric(18,3) NOT NULL,
    total numeric(18,3) NOT NULL,
    credit_applied numeric(18,3) NOT NULL,
    amount_paid numeric(18,3) NOT NULL,
    amount_credited numeric(18,3) NOT NULL,
    balance_due numeric(18,3) GENERATED ALWAYS AS ((((total - credit_applied) - amount_paid) - amount_credited)) STORED,
    credit_use character varying(10) NOT NULL,
    notes text NOT NULL,
    version integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    created_by_id integer,
    run_id bigint,
    CONSTRAINT invoice_amounts_not_negative CHECK (((subtotal >= (0)::numeric) AND (tax >= (0)::numeric))),
    CONSTRAINT invoice_credit_use CHECK (((credit_use)::text = ANY ((ARRAY[''::character varying, 'always'::character varying, 'whole'::character varying, 'never'::character varying])::text[]))),
    CONSTRAINT invoice_numbered_when_issued CHECK ((((number IS NULL) AND ((status)::text = 'draft'::text)) OR ((NOT ((status)::text = 'draft'::text)) AND (due_on IS NOT NULL) AND (issued_on IS NOT NULL) AND (number > 0) AND (number IS NOT NULL)))),
    CONSTRAINT invoice_paid_exactly_when_nothing_due CHECK (((NOT ((status)::text = ANY ((ARRAY['unpaid'::character varying, 'paid'::character varying])::text[]))) OR (((status)::text = 'paid'::text) AND (total = ((credit_applied + amount_paid) + amount_credited))) OR (((status)::text = 'unpaid'::text) AND (total > ((credit_applied + amount_paid) + amount_credited))))),
    CONSTRAINT invoice_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(subtotal), min_scale(tax), min_scale(total), min_scale(credit_applied), min_scale(amount_paid), min_scale(amount_credited)))),
    CONSTRAINT invoice_settled_within_total CHECK (((amount_credited >= (0)::numeric) AND (amount_paid >= (0)::numeric) AND (credit_applied >= (0)::numeric) AND (total >= ((credit_applied + amount_paid) + amount_credited)))),
    CONSTRAINT invoice_status CHECK (((status)::text = ANY ((ARRAY['draft'::character varying, 'unpaid'::character varying, 'paid'::character varying, 'cancelled'::character varying, 'refunded'::character varying])::text[]))),
    CONSTRAINT invoice_total_adds_up CHECK ((total = (subtotal + tax))),
    CONSTRAINT invoice_unsettled_unless_issued CHECK (((NOT ((status)::text = ANY ((ARRAY['draft'::character varying, 'cancelled'::character varying])::text[]))) OR ((amount_credited = (0)::numeric) AND (amount_paid = (0)::numeric) AND (credit_applied = (0)::numeric)))),
    CONSTRAINT invoices_invoice_number_check CHECK ((number >= 0)),
    CONSTRAINT invoices_invoice_version_check CHECK ((version >= 0))
);


--
-- Name: invoices_invoice_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_invoice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_invoice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_invoiceline; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_invoiceline (
    id bigint NOT NULL,
    period date,
    "position" integer NOT NULL,
    description character varying(500) NOT NULL,
    quantity numeric(12,4) NOT NULL,
    currency character varying(3) NOT NULL,
    unit_price numeric(18,3) NOT NULL,
    tax_rate numeric(6,3) NOT NULL,
    tax_included boolean DEFAULT false NOT NULL,
    amount numeric(18,3) NOT NULL,
    tax numeric(18,3) NOT NULL,
    billable_item_id bigint,
    client_id bigint NOT NULL,
    invoice_id bigint NOT NULL,
    CONSTRAINT invoice_line_item_has_period CHECK ((((billable_item_id IS NULL) AND (period IS NULL)) OR ((billable_item_id IS NOT NULL) AND (period IS NOT NULL)))),
    CONSTRAINT invoice_line_not_negative CHECK (((amount >= (0)::numeric) AND (tax >= (0)::numeric) AND (unit_price >= (0)::numeric))),
    CONSTRAINT invoice_line_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(unit_price), min_scale(amount), min_scale(tax)))),
    CONSTRAINT invoice_line_quantity CHECK ((quantity > (0)::numeric)),
    CONSTRAINT invoice_line_tax_rate CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric))),
    CONSTRAINT invoices_invoiceline_position_check CHECK (("position" >= 0))
);


--
-- Name: invoices_invoiceline_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_invoiceline ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_invoiceline_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_invoicerun; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_invoicerun (
    id bigint NOT NULL,
    as_of date NOT NULL,
    state character varying(11) NOT NULL,
    dry_run boolean DEFAULT false NOT NULL,
    worker_count smallint DEFAULT 1 NOT NULL,
    cancel_asked boolean DEFAULT false NOT NULL,
    clients_due integer DEFAULT 0 NOT NULL,
    beyond_limits integer DEFAULT 0 NOT NULL,
    clients_done integer DEFAULT 0 NOT NULL,
    failed_count integer DEFAULT 0 NOT NULL,
    invoice_count integer NOT NULL,
    paid_count integer NOT NULL,
    totals jsonb NOT NULL,
    failure text NOT NULL,
    started_by_name character varying(150) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    worked_at timestamp with time zone,
    finished_at timestamp with time zone,
    started_by_id integer,
    CONSTRAINT invoice_run_state CHECK (((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying, 'finished'::character varying, 'failed'::character varying, 'cancelled'::character varying, 'interrupted'::character varying])::text[]))),
    CONSTRAINT invoices_invoicerun_beyond_limits_check CHECK ((beyond_limits >= 0)),
    CONSTRAINT invoices_invoicerun_clients_done_check CHECK ((clients_done >= 0)),
    CONSTRAINT invoices_invoicerun_clients_due_check CHECK ((clients_due >= 0)),
    CONSTRAINT invoices_invoicerun_failed_count_check CHECK ((failed_count >= 0)),
    CONSTRAINT invoices_invoicerun_invoice_count_check CHECK ((invoice_count >= 0)),
    CONSTRAINT invoices_invoicerun_paid_count_check CHECK ((paid_count >= 0)),
    CONSTRAINT invoices_invoicerun_worker_count_check CHECK ((worker_count >= 0))
);


--
-- Name: invoices_invoicerun_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_invoicerun ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_invoicerun_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_invoicerunerror; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_invoicerunerror (
    id bigint NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    client_id bigint NOT NULL,
    run_id bigint NOT NULL
);


--
-- Name: invoices_invoicerunerror_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_invoicerunerror ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_invoicerunerror_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_numberformat; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_numberformat (
    document character varying(20) NOT NULL,
    prefix character varying(18) NOT NULL,
    CONSTRAINT number_format_document CHECK (((document)::text = ANY ((ARRAY['invoice'::character varying, 'credit_note'::character varying])::text[]))),
    CONSTRAINT number_format_ends_without_digit CHECK ((NOT ((prefix)::text ~ '([0-9]|\{year\})$'::text)))
);


--
-- Name: invoices_numberseries; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_numberseries (
    id bigint NOT NULL,
    document character varying(20) NOT NULL,
    prefix character varying(16) NOT NULL,
    next_number bigint NOT NULL,
    CONSTRAINT invoices_numberseries_next_number_check CHECK ((next_number >= 0))
);


--
-- Name: invoices_numberseries_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_numberseries ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_numberseries_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_runlimits; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_runlimits (
    id smallint NOT NULL,
    largest_totals jsonb NOT NULL,
    most_lines integer,
    oldest_days integer,
    CONSTRAINT invoices_runlimits_id_check CHECK ((id >= 0)),
    CONSTRAINT invoices_runlimits_most_lines_check CHECK ((most_lines >= 0)),
    CONSTRAINT invoices_runlimits_oldest_days_check CHECK ((oldest_days >= 0)),
    CONSTRAINT one_row_of_run_limits CHECK ((id = 1)),
    CONSTRAINT run_limits_positive CHECK (((most_lines IS NULL) OR (most_lines > 0)))
);


--
-- Name: invoices_taxrate; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_taxrate (
    id bigint NOT NULL,
    country character varying(2) NOT NULL,
    name character varying(50) NOT NULL,
    rate numeric(6,3) NOT NULL,
    CONSTRAINT tax_rate_country CHECK (((country)::text ~ '^([A-Z]{2})?$'::text)),
    CONSTRAINT tax_rate_named CHECK ((NOT ((name)::text = ''::text))),
    CONSTRAINT tax_rate_within_bounds CHECK (((rate >= (0)::numeric) AND (rate <= (100)::numeric)))
);


--
-- Name: invoices_taxrate_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.invoices_taxrate ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.invoices_taxrate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: invoices_taxsettings; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.invoices_taxsettings (
    id smallint NOT NULL,
    prices_include_tax boolean NOT NULL,
    CONSTRAINT invoices_taxsettings_id_check CHECK ((id >= 0)),
    CONSTRAINT one_row_of_tax_settings CHECK ((id = 1))
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
-- Name: transactions_paymentfile; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transactions_paymentfile (
    id bigint NOT NULL,
    name character varying(255) NOT NULL,
    content bytea NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    uploaded_by_id integer NOT NULL,
    mapping_id bigint
);


--
-- Name: transactions_paymentfile_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.transactions_paymentfile ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.transactions_paymentfile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: transactions_paymentfilemapping; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transactions_paymentfilemapping (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    delimiter character varying(1) NOT NULL,
    encoding character varying(10) NOT NULL,
    date_format character varying(10) NOT NULL,
    decimal_comma boolean NOT NULL,
    date_column character varying(100) NOT NULL,
    amount_column character varying(100) NOT NULL,
    reference_column character varying(100) NOT NULL,
    invoice_column character varying(100) NOT NULL,
    name_column character varying(100) NOT NULL,
    text_column character varying(100) NOT NULL,
    fees_column character varying(100) NOT NULL,
    currency_column character varying(100) NOT NULL,
    method_column character varying(100) NOT NULL,
    currency character varying(3) NOT NULL,
    payment_method_id bigint,
    CONSTRAINT payment_file_mapping_columns CHECK (((NOT ((date_column)::text = ''::text)) AND (NOT ((amount_column)::text = ''::text))))
);


--
-- Name: transactions_paymentfilemapping_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.transactions_paymentfilemapping ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.transactions_paymentfilemapping_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: transactions_paymentmethod; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transactions_paymentmethod (
    id bigint NOT NULL,
    name character varying(100) NOT NULL,
    active boolean NOT NULL
);


--
-- Name: transactions_paymentmethod_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.transactions_paymentmethod ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.transactions_paymentmethod_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: transactions_transaction; Type: TABLE; Schema: public; Owner: -
--

CREATE TABLE public.transactions_transaction (
    id bigint NOT NULL,
    client_number bigint,
    client_name character varying(300) NOT NULL,
    invoice_label character varying(40) NOT NULL,
    kind character varying(10) DEFAULT 'payment'::character varying NOT NULL,
    date date NOT NULL,
    reference character varying(200) NOT NULL,
    part smallint NOT NULL,
    description character varying(500) NOT NULL,
    note text DEFAULT ''::text NOT NULL,
    currency character varying(3) NOT NULL,
    amount_in numeric(18,3) NOT NULL,
    fees numeric(18,3) NOT NULL,
    amount_out numeric(18,3) NOT NULL,
    created_by_name character varying(150) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    file_key character varying(64),
    client_id bigint,
    created_by_id integer,
    invoice_id bigint,
    part_of_id bigint,
    payment_method_id bigint NOT NULL,
    refund_of_id bigint,
    CONSTRAINT transaction_client_has_label CHECK (((client_id IS NULL) OR (client_number IS NOT NULL))),
    CONSTRAINT transaction_in_or_out CHECK (((amount_in >= (0)::numeric) AND (amount_out >= (0)::numeric) AND (fees >= (0)::numeric) AND (((amount_in > (0)::numeric) AND (amount_out = (0)::numeric)) OR ((amount_in = (0)::numeric) AND (amount_out > (0)::numeric)) OR ((amount_in = (0)::numeric) AND (fees > (0)::numeric))))),
    CONSTRAINT transaction_kind CHECK ((((kind)::text = 'payment'::text) OR ((amount_in = (0)::numeric) AND ((kind)::text = ANY ((ARRAY['refund'::character varying, 'reversal'::character varying])::text[])) AND (refund_of_id IS NOT NULL)) OR ((kind)::text = 'moved'::text))),
    CONSTRAINT transaction_places CHECK ((COALESCE(public.minor_units(currency), '-1'::integer) >= GREATEST(min_scale(amount_in), min_scale(fees), min_scale(amount_out)))),
    CONSTRAINT transactions_transaction_client_number_check CHECK ((client_number >= 0)),
    CONSTRAINT transactions_transaction_part_check CHECK ((part >= 0))
);


--
-- Name: transactions_transaction_id_seq; Type: SEQUENCE; Schema: public; Owner: -
--

ALTER TABLE public.transactions_transaction ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.transactions_transaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


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
-- Data for Name: auth_group; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_group VALUES
	(1, 'Viewer'),
	(2, 'Billing'),
	(3, 'Owner');


--
-- Data for Name: auth_group_permissions; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_group_permissions VALUES
	(1, 1, 1),
	(2, 1, 18),
	(3, 1, 11),
	(4, 1, 22),
	(5, 2, 1),
	(6, 2, 2),
	(7, 2, 3),
	(8, 2, 4),
	(9, 2, 8),
	(10, 2, 9),
	(11, 2, 11),
	(12, 2, 12),
	(13, 2, 13),
	(14, 2, 14),
	(15, 2, 18),
	(16, 2, 19),
	(17, 2, 20),
	(18, 2, 22),
	(19, 2, 23),
	(20, 2, 25),
	(21, 2, 26),
	(22, 2, 27),
	(23, 3, 1),
	(24, 3, 2),
	(25, 3, 3),
	(26, 3, 4),
	(27, 3, 5),
	(28, 3, 6),
	(29, 3, 7),
	(30, 3, 8),
	(31, 3, 9),
	(32, 3, 10),
	(33, 3, 11),
	(34, 3, 12),
	(35, 3, 13),
	(36, 3, 14),
	(37, 3, 15),
	(38, 3, 16),
	(39, 3, 17),
	(40, 3, 18),
	(41, 3, 19),
	(42, 3, 20),
	(43, 3, 21),
	(44, 3, 22),
	(45, 3, 23),
	(46, 3, 24),
	(47, 3, 25),
	(48, 3, 26),
	(49, 3, 27),
	(50, 3, 28),
	(51, 3, 29);


--
-- Data for Name: auth_permission; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_permission VALUES
	(1, 'See clients', 4, 'view_client'),
	(2, 'Add and import clients', 4, 'add_client'),
	(3, 'Edit a client''s profile', 4, 'change_client'),
	(4, 'Merge clients and undo a merge', 4, 'merge_client'),
	(5, 'Export everything held about a client', 4, 'export_client'),
	(6, 'Delete a client', 4, 'delete_client'),
	(7, 'Delete a client''s transactions with the client', 4, 'delete_transactions'),
	(8, 'Add, change and import billable items', 14, 'add_billableitem'),
	(9, 'Run the invoices', 20, 'generate_invoices'),
	(10, 'Set the limits of invoice runs', 24, 'change_runlimits'),
	(11, 'See invoices', 18, 'view_invoice'),
	(12, 'Create and issue invoices', 18, 'issue_invoice'),
	(13, 'Cancel invoices', 18, 'cancel_invoice'),
	(14, 'Issue credit notes', 15, 'issue_creditnote'),
	(15, 'Set how documents are numbered', 22, 'change_numbering'),
	(16, 'Set tax rates', 25, 'change_tax'),
	(17, 'Add, rename and switch off payment methods', 29, 'manage_payment_methods'),
	(18, 'See transactions', 30, 'view_transaction'),
	(19, 'Record and import payments, attach money to clients', 30, 'record_payment'),
	(20, 'Refund and reverse payments', 30, 'refund_payment'),
	(21, 'Delete transactions that nothing depends on', 30, 'delete_transaction'),
	(22, 'See credit', 31, 'view_credit'),
	(23, 'Give credit', 31, 'add_credit'),
	(24, 'Set a credit balance by hand', 31, 'adjust_balance'),
	(25, 'Apply credit to invoices and take it off', 31, 'apply_credit'),
	(26, 'Remove, reverse and edit credit', 31, 'remove_credit'),
	(27, 'Transfer credit between clients', 31, 'transfer_credit'),
	(28, 'Check the ledger', 37, 'check_ledger'),
	(29, 'Change how credit is used', 36, 'change_creditsettings'),
	(30, 'Can add permission', 40, 'add_permission'),
	(31, 'Can change permission', 40, 'change_permission'),
	(32, 'Can delete permission', 40, 'delete_permission'),
	(33, 'Can view permission', 40, 'view_permission'),
	(34, 'Can add group', 39, 'add_group'),
	(35, 'Can change group', 39, 'change_group'),
	(36, 'Can delete group', 39, 'delete_group'),
	(37, 'Can view group', 39, 'view_group'),
	(38, 'Can add user', 41, 'add_user'),
	(39, 'Can change user', 41, 'change_user'),
	(40, 'Can delete user', 41, 'delete_user'),
	(41, 'Can view user', 41, 'view_user'),
	(42, 'Can add content type', 42, 'add_contenttype'),
	(43, 'Can change content type', 42, 'change_contenttype'),
	(44, 'Can delete content type', 42, 'delete_contenttype'),
	(45, 'Can view content type', 42, 'view_contenttype'),
	(46, 'Can add session', 43, 'add_session'),
	(47, 'Can change session', 43, 'change_session'),
	(48, 'Can delete session', 43, 'delete_session'),
	(49, 'Can view session', 43, 'view_session'),
	(50, 'Can add procrastinate worker', 47, 'add_procrastinateworker'),
	(51, 'Can change procrastinate worker', 47, 'change_procrastinateworker'),
	(52, 'Can delete procrastinate worker', 47, 'delete_procrastinateworker'),
	(53, 'Can view procrastinate worker', 47, 'view_procrastinateworker'),
	(54, 'Can add procrastinate job', 45, 'add_procrastinatejob'),
	(55, 'Can change procrastinate job', 45, 'change_procrastinatejob'),
	(56, 'Can delete procrastinate job', 45, 'delete_procrastinatejob'),
	(57, 'Can view procrastinate job', 45, 'view_procrastinatejob'),
	(58, 'Can add procrastinate event', 44, 'add_procrastinateevent'),
	(59, 'Can change procrastinate event', 44, 'change_procrastinateevent'),
	(60, 'Can delete procrastinate event', 44, 'delete_procrastinateevent'),
	(61, 'Can view procrastinate event', 44, 'view_procrastinateevent'),
	(62, 'Can add procrastinate periodic defer', 46, 'add_procrastinateperiodicdefer'),
	(63, 'Can change procrastinate periodic defer', 46, 'change_procrastinateperiodicdefer'),
	(64, 'Can delete procrastinate periodic defer', 46, 'delete_procrastinateperiodicdefer'),
	(65, 'Can view procrastinate periodic defer', 46, 'view_procrastinateperiodicdefer');


--
-- Data for Name: auth_user; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_user VALUES
	(1, 'pbkdf2_sha256$1500000$PkEqMemz8knZOAxuDllZIQ$XymYLzx4/3ygGv/H13x+39Ovwx8+Nabf5uU7fjwZt0o=', NULL, false, 'olga', '', '', '', false, true, '2026-11-28 17:02:41.205241+00'),
	(2, 'pbkdf2_sha256$1500000$ArRtQknRL16Tb7zqQ7HcOk$hUAXNbAh2uFiOS2ZbP7Atg/9SqEUihm7tCkjzujRC0g=', NULL, false, 'billing', '', '', '', false, true, '2026-11-28 17:02:43.295933+00'),
	(3, 'pbkdf2_sha256$1500000$xUQMD4iSaXIc6tGN7iJnre$clXxqoQCG/TzCJxz+lgT/DPqwrLCRraObXDaZEoAdyI=', NULL, false, 'viewer', '', '', '', false, true, '2026-11-28 17:02:44.707423+00');


--
-- Data for Name: auth_user_groups; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.auth_user_groups VALUES
	(1, 1, 3),
	(2, 2, 2),
	(3, 3, 1);


--
-- Data for Name: auth_user_user_permissions; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: billing_admin_job; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: billing_admin_offeredpermission; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.billing_admin_offeredpermission VALUES
	(1, 'Viewer', 'clients.view_client'),
	(2, 'Viewer', 'invoices.view_invoice'),
	(3, 'Viewer', 'transactions.view_transaction'),
	(4, 'Viewer', 'credits.view_credit'),
	(5, 'Billing', 'clients.view_client'),
	(6, 'Billing', 'invoices.view_invoice'),
	(7, 'Billing', 'transactions.view_transaction'),
	(8, 'Billing', 'credits.view_credit'),
	(9, 'Billing', 'clients.add_client'),
	(10, 'Billing', 'clients.change_client'),
	(11, 'Billing', 'clients.merge_client'),
	(12, 'Billing', 'invoices.add_billableitem'),
	(13, 'Billing', 'invoices.issue_invoice'),
	(14, 'Billing', 'invoices.cancel_invoice'),
	(15, 'Billing', 'invoices.issue_creditnote'),
	(16, 'Billing', 'invoices.generate_invoices'),
	(17, 'Billing', 'transactions.record_payment'),
	(18, 'Billing', 'transactions.refund_payment'),
	(19, 'Billing', 'credits.add_credit'),
	(20, 'Billing', 'credits.apply_credit'),
	(21, 'Billing', 'credits.remove_credit'),
	(22, 'Billing', 'credits.transfer_credit'),
	(23, 'Owner', 'clients.view_client'),
	(24, 'Owner', 'invoices.view_invoice'),
	(25, 'Owner', 'transactions.view_transaction'),
	(26, 'Owner', 'credits.view_credit'),
	(27, 'Owner', 'clients.add_client'),
	(28, 'Owner', 'clients.change_client'),
	(29, 'Owner', 'clients.merge_client'),
	(30, 'Owner', 'invoices.add_billableitem'),
	(31, 'Owner', 'invoices.issue_invoice'),
	(32, 'Owner', 'invoices.cancel_invoice'),
	(33, 'Owner', 'invoices.issue_creditnote'),
	(34, 'Owner', 'invoices.generate_invoices'),
	(35, 'Owner', 'transactions.record_payment'),
	(36, 'Owner', 'transactions.refund_payment'),
	(37, 'Owner', 'credits.add_credit'),
	(38, 'Owner', 'credits.apply_credit'),
	(39, 'Owner', 'credits.remove_credit'),
	(40, 'Owner', 'credits.transfer_credit'),
	(41, 'Owner', 'clients.export_client'),
	(42, 'Owner', 'clients.delete_client'),
	(43, 'Owner', 'clients.delete_transactions'),
	(44, 'Owner', 'invoices.change_numbering'),
	(45, 'Owner', 'invoices.change_runlimits'),
	(46, 'Owner', 'invoices.change_tax'),
	(47, 'Owner', 'transactions.delete_transaction'),
	(48, 'Owner', 'transactions.manage_payment_methods'),
	(49, 'Owner', 'credits.adjust_balance'),
	(50, 'Owner', 'credits.change_creditsettings'),
	(51, 'Owner', 'credits.check_ledger');


--
-- Data for Name: clients_activity; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_activity VALUES
	(1, 'System', 'client.opened', 'Client Acme Ltd added', '', '{}', '2026-11-28 17:02:46.295246+00', NULL, 1),
	(2, 'System', 'credit.added', 'Credit of 30.00 USD added', 'Downtime of acme', '{"grant": 1, "amount": "30.00", "currency": "USD"}', '2026-11-28 17:02:46.36322+00', NULL, 1),
	(3, 'System', 'credit.added', 'Credit of 12.50 EUR added', 'Goodwill of acme', '{"grant": 2, "amount": "12.50", "currency": "EUR"}', '2026-11-28 17:02:46.388373+00', NULL, 1),
	(4, 'System', 'invoice.issued', 'INV-000001 of 10.00 USD issued by an invoice run', '', '{"run": 1, "invoice": 1}', '2026-11-28 17:02:46.460398+00', NULL, 1),
	(5, 'System', 'credit.applied', 'Credit of 10.00 USD applied to INV-000001', '', '{"amount": "10.000", "invoice": 1, "currency": "USD"}', '2026-11-28 17:02:46.516877+00', NULL, 1),
	(6, 'System', 'invoices.generated', 'Invoice run as of 31 Jan 2030 finished: 1 invoice, 10.00 USD', '', '{"run": 1}', '2026-11-28 17:02:46.609191+00', NULL, NULL),
	(7, 'System', 'invoice.drafted', 'Draft invoice of 105.00 USD made', '', '{"invoice": 2}', '2026-11-28 17:02:46.641278+00', NULL, 1),
	(8, 'System', 'invoice.issued', 'INV-000002 of 105.00 USD issued', '', '{"invoice": 2}', '2026-11-28 17:02:46.662667+00', NULL, 1),
	(9, 'System', 'credit.applied', 'Credit of 20.00 USD applied to INV-000002', '', '{"amount": "20.000", "invoice": 2, "currency": "USD"}', '2026-11-28 17:02:46.663697+00', NULL, 1),
	(10, 'System', 'payment.recorded', 'Payment of 20.00 USD recorded for INV-000002', '', '{"amount": "20.00", "invoice": 2, "currency": "USD", "invoices": [2], "transaction": 1}', '2026-11-28 17:02:46.690895+00', NULL, 1),
	(11, 'System', 'credit_note.issued', 'CN-000001 of 5.00 USD issued for INV-000002', 'Slow for acme', '{"invoice": 2, "currency": "USD", "refunded": "0", "released": "0", "credit_note": 1}', '2026-11-28 17:02:46.723965+00', NULL, 1),
	(12, 'System', 'invoice.drafted', 'Draft invoice of 7.00 USD made', '', '{"invoice": 3}', '2026-11-28 17:02:46.755104+00', NULL, 1),
	(13, 'System', 'invoice.issued', 'INV-000003 of 7.00 USD issued', '', '{"invoice": 3}', '2026-11-28 17:02:46.783274+00', NULL, 1),
	(14, 'System', 'credit.added', 'Credit of 2.00 USD added: Overpayment of INV-000003', '', '{"grant": 3, "amount": "2.000", "currency": "USD"}', '2026-11-28 17:02:46.890211+00', NULL, 1),
	(15, 'System', 'payment.recorded', 'Payment of 9.00 USD recorded: 7.00 USD for INV-000003, 2.00 USD became credit', '', '{"amount": "9.00", "invoice": 3, "currency": "USD", "invoices": [3], "transaction": 2}', '2026-11-28 17:02:46.892078+00', NULL, 1),
	(16, 'System', 'invoice.drafted', 'Draft invoice of 3.00 USD made', '', '{"invoice": 4}', '2026-11-28 17:02:46.901433+00', NULL, 1),
	(17, 'System', 'credit.balance_adjusted', 'Credit balance set from 2.00 USD to 6.00 USD', '', '{"to": "6.00", "from": "2.000", "currency": "USD"}', '2026-11-28 17:02:46.912235+00', NULL, 1),
	(20, 'System', 'client.merged_away', 'Merged into client 1', '', '{"merge": 1}', '2026-11-28 17:02:46.961019+00', NULL, 1),
	(19, 'System', 'credit.added', 'Credit of 1.00 USD added', 'Welcome', '{"grant": 5, "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:46.943625+00', NULL, 1),
	(18, 'System', 'client.opened', 'Client Acme Ltd Branch added', '', '{}', '2026-11-28 17:02:46.933335+00', NULL, 1),
	(21, 'System', 'client.merged', 'Client 2 merged into this client: 1 credit', '', '{"merge": 1, "fields": [], "number": 2}', '2026-11-28 17:02:47.003281+00', NULL, 1),
	(22, 'System', 'client.opened', 'Client Neighbour 1 added', '', '{}', '2026-11-28 17:02:47.062312+00', NULL, 3),
	(23, 'System', 'credit.transferred', 'Credit of 1.00 USD transferred to client 3', '', '{"batch": "0eaeb519-2706-471b-a194-35ef810ba3ea", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:47.14438+00', NULL, 1),
	(24, 'System', 'credit.transferred', 'Credit of 1.00 USD received from client 1', '', '{"batch": "0eaeb519-2706-471b-a194-35ef810ba3ea", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:47.155461+00', NULL, 3),
	(25, 'System', 'system.checked', 'Checked', '', '{}', '2026-11-28 17:02:47.171521+00', NULL, NULL),
	(31, 'System', 'invoices.generated', 'Invoice run as of 31 Jan 2030 finished: 1 invoice, 10.00 USD', '', '{"run": 3}', '2026-11-28 17:02:47.357491+00', NULL, NULL),
	(42, 'System', 'credit.balance_adjusted', 'Credit balance set from 2.00 USD to 6.00 USD', '', '{"to": "6.00", "from": "2.000", "currency": "USD"}', '2026-11-28 17:02:47.723646+00', NULL, 1),
	(41, 'System', 'invoice.drafted', 'Draft invoice of 3.00 USD made', '', '{"invoice": 8}', '2026-11-28 17:02:47.683359+00', NULL, 1),
	(47, 'System', 'client.opened', 'Client Neighbour 4 added', '', '{}', '2026-11-28 17:02:48.159142+00', NULL, 6),
	(49, 'System', 'credit.transferred', 'Credit of 1.00 USD received from client 4', '', '{"batch": "03875c7d-5147-403f-8f8a-56327213529a", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:48.259187+00', NULL, 6),
	(50, 'System', 'system.checked', 'Checked', '', '{}', '2026-11-28 17:02:48.269197+00', NULL, NULL),
	(56, 'System', 'invoices.generated', 'Invoice run as of 31 Jan 2030 finished: 1 invoice, 10.00 USD', '', '{"run": 5}', '2026-11-28 17:02:48.850585+00', NULL, NULL),
	(72, 'System', 'client.opened', 'Client Neighbour 7 added', '', '{}', '2026-11-28 17:02:49.474085+00', NULL, 9),
	(74, 'System', 'credit.transferred', 'Credit of 1.00 USD received from client 7', '', '{"batch": "7e03ad34-3bdd-4dc2-9839-fecca05c1e46", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:49.501436+00', NULL, 9),
	(75, 'System', 'system.checked', 'Checked', '', '{}', '2026-11-28 17:02:49.510865+00', NULL, NULL),
	(76, 'olga', 'client.merged_away', 'Merged into client 1', '', '{"merge": 4}', '2026-11-28 17:02:49.579279+00', 1, 1),
	(48, 'System', 'credit.transferred', 'Credit of 1.00 USD transferred to client 6', '', '{"batch": "03875c7d-5147-403f-8f8a-56327213529a", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:48.25474+00', NULL, 1),
	(46, 'System', 'client.merged', 'Client 5 merged into this client: 1 credit', '', '{"merge": 2, "fields": [], "number": 5}', '2026-11-28 17:02:48.061759+00', NULL, 1),
	(45, 'System', 'client.merged_away', 'Merged into client 4', '', '{"merge": 2}', '2026-11-28 17:02:47.927376+00', NULL, 1),
	(44, 'System', 'credit.added', 'Credit of 1.00 USD added', 'Welcome', '{"grant": 11, "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:47.871486+00', NULL, 1),
	(43, 'System', 'client.opened', 'Client Globex Inc Branch added', '', '{}', '2026-11-28 17:02:47.819042+00', NULL, 1),
	(40, 'System', 'payment.recorded', 'Payment of 9.00 USD recorded: 7.00 USD for INV-000006, 2.00 USD became credit', '', '{"amount": "9.00", "invoice": 7, "currency": "USD", "invoices": [7], "transaction": 5}', '2026-11-28 17:02:47.655654+00', NULL, 1),
	(73, 'System', 'credit.transferred', 'Credit of 1.00 USD transferred to client 9', '', '{"batch": "7e03ad34-3bdd-4dc2-9839-fecca05c1e46", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:49.496631+00', NULL, 7),
	(71, 'System', 'client.merged', 'Client 8 merged into this client: 1 credit', '', '{"merge": 3, "fields": [], "number": 8}', '2026-11-28 17:02:49.457184+00', NULL, 7),
	(70, 'System', 'client.merged_away', 'Merged into client 7', '', '{"merge": 3}', '2026-11-28 17:02:49.436345+00', NULL, 7),
	(69, 'System', 'credit.added', 'Credit of 1.00 USD added', 'Welcome', '{"grant": 17, "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:49.42078+00', NULL, 7),
	(68, 'System', 'client.opened', 'Client Initech Branch added', '', '{}', '2026-11-28 17:02:49.409314+00', NULL, 7),
	(39, 'System', 'credit.added', 'Credit of 2.00 USD added: Overpayment of INV-000006', '', '{"grant": 9, "amount": "2.000", "currency": "USD"}', '2026-11-28 17:02:47.652369+00', NULL, 1),
	(38, 'System', 'invoice.issued', 'INV-000006 of 7.00 USD issued', '', '{"invoice": 7}', '2026-11-28 17:02:47.606272+00', NULL, 1),
	(37, 'System', 'invoice.drafted', 'Draft invoice of 7.00 USD made', '', '{"invoice": 7}', '2026-11-28 17:02:47.593228+00', NULL, 1),
	(36, 'System', 'credit_note.issued', 'CN-000002 of 5.00 USD issued for INV-000005', 'Slow for globex', '{"invoice": 6, "currency": "USD", "refunded": "0", "released": "0", "credit_note": 2}', '2026-11-28 17:02:47.580083+00', NULL, 1),
	(35, 'System', 'payment.recorded', 'Payment of 20.00 USD recorded for INV-000005', '', '{"amount": "20.00", "invoice": 6, "currency": "USD", "invoices": [6], "transaction": 4}', '2026-11-28 17:02:47.55347+00', NULL, 1),
	(34, 'System', 'credit.applied', 'Credit of 20.00 USD applied to INV-000005', '', '{"amount": "20.000", "invoice": 6, "currency": "USD"}', '2026-11-28 17:02:47.456914+00', NULL, 1),
	(33, 'System', 'invoice.issued', 'INV-000005 of 105.00 USD issued', '', '{"invoice": 6}', '2026-11-28 17:02:47.455342+00', NULL, 1),
	(32, 'System', 'invoice.drafted', 'Draft invoice of 105.00 USD made', '', '{"invoice": 6}', '2026-11-28 17:02:47.403539+00', NULL, 1),
	(30, 'System', 'credit.applied', 'Credit of 10.00 USD applied to INV-000004', '', '{"amount": "10.000", "invoice": 5, "currency": "USD"}', '2026-11-28 17:02:47.31878+00', NULL, 1),
	(29, 'System', 'invoice.issued', 'INV-000004 of 10.00 USD issued by an invoice run', '', '{"run": 3, "invoice": 5}', '2026-11-28 17:02:47.289398+00', NULL, 1),
	(28, 'System', 'credit.added', 'Credit of 12.50 EUR added', 'Goodwill of globex', '{"grant": 8, "amount": "12.50", "currency": "EUR"}', '2026-11-28 17:02:47.243625+00', NULL, 1),
	(27, 'System', 'credit.added', 'Credit of 30.00 USD added', 'Downtime of globex', '{"grant": 7, "amount": "30.00", "currency": "USD"}', '2026-11-28 17:02:47.223043+00', NULL, 1),
	(26, 'System', 'client.opened', 'Client Globex Inc added', '', '{}', '2026-11-28 17:02:47.207182+00', NULL, 1),
	(77, 'olga', 'client.merged', 'Client 4 merged into this client: 4 invoices, 1 billable item, 3 transactions, 5 credits, 1 contact, 2 notes', '', '{"merge": 4, "fields": [], "number": 4}', '2026-11-28 17:02:49.715679+00', 1, 1),
	(79, 'olga', 'client.merged', 'Client 7 merged into this client: 4 invoices, 1 billable item, 3 transactions, 5 credits, 1 contact, 2 notes', '', '{"merge": 5, "fields": [], "number": 7}', '2026-11-28 17:02:49.883946+00', 1, 1),
	(78, 'olga', 'client.merged_away', 'Merged into client 1', '', '{"merge": 5}', '2026-11-28 17:02:49.775113+00', 1, 7),
	(67, 'System', 'credit.balance_adjusted', 'Credit balance set from 2.00 USD to 6.00 USD', '', '{"to": "6.00", "from": "2.000", "currency": "USD"}', '2026-11-28 17:02:49.369304+00', NULL, 7),
	(66, 'System', 'invoice.drafted', 'Draft invoice of 3.00 USD made', '', '{"invoice": 12}', '2026-11-28 17:02:49.326591+00', NULL, 7),
	(65, 'System', 'payment.recorded', 'Payment of 9.00 USD recorded: 7.00 USD for INV-000009, 2.00 USD became credit', '', '{"amount": "9.00", "invoice": 11, "currency": "USD", "invoices": [11], "transaction": 8}', '2026-11-28 17:02:49.287522+00', NULL, 7),
	(64, 'System', 'credit.added', 'Credit of 2.00 USD added: Overpayment of INV-000009', '', '{"grant": 15, "amount": "2.000", "currency": "USD"}', '2026-11-28 17:02:49.28073+00', NULL, 7),
	(63, 'System', 'invoice.issued', 'INV-000009 of 7.00 USD issued', '', '{"invoice": 11}', '2026-11-28 17:02:49.183044+00', NULL, 7),
	(62, 'System', 'invoice.drafted', 'Draft invoice of 7.00 USD made', '', '{"invoice": 11}', '2026-11-28 17:02:49.142409+00', NULL, 7),
	(61, 'System', 'credit_note.issued', 'CN-000003 of 5.00 USD issued for INV-000008', 'Slow for initech', '{"invoice": 10, "currency": "USD", "refunded": "0", "released": "0", "credit_note": 3}', '2026-11-28 17:02:49.075857+00', NULL, 7),
	(60, 'System', 'payment.recorded', 'Payment of 20.00 USD recorded for INV-000008', '', '{"amount": "20.00", "invoice": 10, "currency": "USD", "invoices": [10], "transaction": 7}', '2026-11-28 17:02:49.007451+00', NULL, 7),
	(51, 'System', 'client.opened', 'Client Initech added', '', '{}', '2026-11-28 17:02:48.375284+00', NULL, 7),
	(59, 'System', 'credit.applied', 'Credit of 20.00 USD applied to INV-000008', '', '{"amount": "20.000", "invoice": 10, "currency": "USD"}', '2026-11-28 17:02:48.939211+00', NULL, 7),
	(58, 'System', 'invoice.issued', 'INV-000008 of 105.00 USD issued', '', '{"invoice": 10}', '2026-11-28 17:02:48.932338+00', NULL, 7),
	(57, 'System', 'invoice.drafted', 'Draft invoice of 105.00 USD made', '', '{"invoice": 10}', '2026-11-28 17:02:48.895291+00', NULL, 7),
	(55, 'System', 'credit.applied', 'Credit of 10.00 USD applied to INV-000007', '', '{"amount": "10.000", "invoice": 9, "currency": "USD"}', '2026-11-28 17:02:48.729252+00', NULL, 7),
	(54, 'System', 'invoice.issued', 'INV-000007 of 10.00 USD issued by an invoice run', '', '{"run": 5, "invoice": 9}', '2026-11-28 17:02:48.673107+00', NULL, 7),
	(53, 'System', 'credit.added', 'Credit of 12.50 EUR added', 'Goodwill of initech', '{"grant": 14, "amount": "12.50", "currency": "EUR"}', '2026-11-28 17:02:48.537277+00', NULL, 7),
	(52, 'System', 'credit.added', 'Credit of 30.00 USD added', 'Downtime of initech', '{"grant": 13, "amount": "30.00", "currency": "USD"}', '2026-11-28 17:02:48.448548+00', NULL, 7),
	(80, 'olga', 'client.merge_undone', 'Merge of client 7 undone: 4 invoices, 1 billable item, 3 transactions, 5 credits, 1 contact, 2 notes given back', '', '{"merge": 5}', '2026-11-28 17:02:50.067045+00', 1, 1),
	(81, 'olga', 'client.merge_undone', 'Merge into client 1 undone', '', '{"merge": 5}', '2026-11-28 17:02:50.068663+00', 1, 7),
	(82, 'olga', 'client.told_apart', 'Found to be no duplicate of client 7', '', '{}', '2026-11-28 17:02:50.10034+00', 1, 1),
	(83, 'olga', 'client.told_apart', 'Found to be no duplicate of client 1', '', '{}', '2026-11-28 17:02:50.102952+00', 1, 7),
	(84, 'System', 'client.opened', 'Client Somebody of “UK” added', '', '{}', '2026-11-28 17:02:50.173419+00', NULL, 10),
	(85, 'System', 'client.opened', 'Client Somebody of “AU” added', '', '{}', '2026-11-28 17:02:50.21505+00', NULL, 11),
	(86, 'System', 'client.opened', 'Client Somebody of “XK” added', '', '{}', '2026-11-28 17:02:50.275823+00', NULL, 12),
	(87, 'System', 'client.opened', 'Client Somebody of “ZZ” added', '', '{}', '2026-11-28 17:02:50.311783+00', NULL, 13),
	(88, 'System', 'client.opened', 'Client Somebody of “” added', '', '{}', '2026-11-28 17:02:50.343357+00', NULL, 14),
	(89, 'olga', 'payment_file_format.added', 'File format Bank added', '', '{"format": 1, "changes": {}}', '2026-11-28 17:02:50.346959+00', 1, NULL),
	(90, 'System', 'invoice.drafted', 'Draft invoice of 11.00 USD made', '', '{"invoice": 13}', '2026-11-28 17:02:50.367935+00', NULL, 1),
	(91, 'System', 'invoice.issued', 'INV-000010 of 11.00 USD issued', '', '{"invoice": 13}', '2026-11-28 17:02:50.386422+00', NULL, 1),
	(92, 'olga', 'payment.recorded', 'Payment of 11.00 USD recorded for INV-000010', '', '{"amount": "11.000", "invoice": 13, "currency": "USD", "invoices": [13], "transaction": 10}', '2026-11-28 17:02:50.484222+00', 1, 1),
	(93, 'olga', 'payments.imported', '2 payments imported from january.csv: 15.00 USD', '', '{"file": "january.csv", "imported": 2, "left_out": 0, "unattached": 1, "already_there": 0}', '2026-11-28 17:02:50.492279+00', 1, NULL),
	(94, 'olga', 'payment.refunded', '1.00 USD of Transaction 10 refunded to Bank of Acme', '', '{"to": "method", "amount": "1.00", "invoice": 13, "payment": 10, "currency": "USD", "transaction": 12, "credit_taken_back": "0"}', '2026-11-28 17:02:50.554847+00', 1, 1),
	(95, 'System', 'credit.added', 'Credit of 3.00 USD added', 'Soon over', '{"grant": 19, "amount": "3.00", "currency": "USD"}', '2026-11-28 17:02:50.601708+00', NULL, 1),
	(96, 'olga', 'credit.expired', 'Credit of 3.00 USD expired', '', '{"amount": "3.000", "currency": "USD"}', '2026-11-28 17:02:50.616201+00', 1, 1),
	(97, 'olga', 'credit.added', 'Credit of 2.00 USD added', 'Sorry', '{"batch": "ad5f3474-6c77-425d-98b2-0774a1458718", "grant": 20, "amount": "2.000", "currency": "USD"}', '2026-11-28 17:02:50.822959+00', 1, 1),
	(98, 'olga', 'credit_batch.booked', '1 credit of 2.00 USD added from sorry.csv', '', '{"file": "sorry.csv", "rows": 1, "batch": "ad5f3474-6c77-425d-98b2-0774a1458718", "grants": 1}', '2026-11-28 17:02:50.843057+00', 1, NULL),
	(99, 'System', 'invoice.drafted', 'Draft invoice of 9.00 USD made', '', '{"invoice": 14}', '2026-11-28 17:02:50.870141+00', NULL, 1),
	(100, 'System', 'invoice.issued', 'INV-000011 of 9.00 USD issued', '', '{"invoice": 14}', '2026-11-28 17:02:50.918739+00', NULL, 1);
INSERT INTO public.clients_activity VALUES
	(101, 'olga', 'invoice.cancelled', 'INV-000011 of 9.00 USD cancelled', '', '{"invoice": 14, "currency": "USD", "released": "0.000"}', '2026-11-28 17:02:51.047097+00', 1, 1),
	(102, 'System', 'client.opened', 'Client Closed Ltd added', '', '{}', '2026-11-28 17:02:51.09109+00', NULL, 15),
	(103, 'olga', 'client.closed', 'Account closed', 'Moved away', '{"status": ["active", "closed"]}', '2026-11-28 17:02:51.096158+00', 1, 15),
	(109, 'System', 'invoices.generated', 'Invoice run as of 31 Jan 2030 finished: 1 invoice, 10.00 USD', '', '{"run": 7}', '2026-11-28 17:02:51.53807+00', NULL, NULL),
	(125, 'System', 'client.opened', 'Client Neighbour 16 added', '', '{}', '2026-11-28 17:02:52.18897+00', NULL, 18),
	(127, 'System', 'credit.transferred', 'Credit of 1.00 USD received from client 16', '', '{"batch": "321fd320-bb9f-462b-8969-0b0c8d105238", "amount": "1.00", "currency": "USD"}', '2026-11-28 17:02:52.251299+00', NULL, 18),
	(128, 'System', 'system.checked', 'Checked', '', '{}', '2026-11-28 17:02:52.267162+00', NULL, NULL),
	(129, 'olga', 'client.deleted', 'Client 16 deleted; 3 transactions kept', '', '{"counts": {"notes": 2, "merges": 1, "activity": 21, "contacts": 1, "invoices": 4, "form_keys": 1, "run_errors": 1, "credit_notes": 1, "transactions": 3, "credit_grants": 5, "invoice_lines": 5, "billable_items": 1, "credit_entries": 8, "former_numbers": 1, "not_duplicates": 1, "credit_accounts": 2, "credit_note_lines": 1}, "number": 16}', '2026-11-28 17:02:52.432343+00', 1, NULL);


--
-- Data for Name: clients_client; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_client VALUES
	(3, 3, '', '', 'Neighbour 1', DEFAULT, 'billing5@example.com', '', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:47.008604+00', '2026-11-28 17:02:47.055627+00', DEFAULT, DEFAULT, NULL),
	(6, 6, '', '', 'Neighbour 4', DEFAULT, 'billing10@example.com', '', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:48.07528+00', '2026-11-28 17:02:48.152739+00', DEFAULT, DEFAULT, NULL),
	(9, 9, '', '', 'Neighbour 7', DEFAULT, 'billing15@example.com', '', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:49.460749+00', '2026-11-28 17:02:49.472419+00', DEFAULT, DEFAULT, NULL),
	(7, 7, '', '', 'Initech', DEFAULT, 'billing11@example.com', '+1 555 initech', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:48.283095+00', '2026-11-28 17:02:49.968748+00', DEFAULT, DEFAULT, NULL),
	(1, 1, '', '', 'Acme Ltd', DEFAULT, 'billing1@example.com', '+1 555 acme', '', '', '', '', '', '', 'GB', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:46.227809+00', '2026-11-28 17:02:49.974779+00', DEFAULT, DEFAULT, 1),
	(10, 10, '', '', 'Somebody of “UK”', DEFAULT, 'billing16@example.com', '', '', '', '', '', '', '', 'UK', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:50.109844+00', '2026-11-28 17:02:50.171738+00', DEFAULT, DEFAULT, NULL),
	(11, 11, '', '', 'Somebody of “AU”', DEFAULT, 'billing17@example.com', '', '', '', '', '', '', '', 'AU', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:50.17967+00', '2026-11-28 17:02:50.210337+00', DEFAULT, DEFAULT, NULL),
	(12, 12, '', '', 'Somebody of “XK”', DEFAULT, 'billing18@example.com', '', '', '', '', '', '', '', 'XK', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:50.219037+00', '2026-11-28 17:02:50.269766+00', DEFAULT, DEFAULT, NULL),
	(13, 13, '', '', 'Somebody of “ZZ”', DEFAULT, 'billing19@example.com', '', '', '', '', '', '', '', 'ZZ', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:50.279249+00', '2026-11-28 17:02:50.310053+00', DEFAULT, DEFAULT, NULL),
	(14, 14, '', '', 'Somebody of “”', DEFAULT, 'billing20@example.com', '', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:50.313629+00', '2026-11-28 17:02:50.340348+00', DEFAULT, DEFAULT, NULL),
	(15, 15, '', '', 'Closed Ltd', DEFAULT, 'billing21@example.com', '', '', '', '', '', '', '', '', 'USD', 'closed', false, NULL, '', '', '2026-11-28 17:02:51.052259+00', '2026-11-28 17:02:51.094537+00', DEFAULT, DEFAULT, NULL),
	(18, 18, '', '', 'Neighbour 16', DEFAULT, 'billing26@example.com', '', '', '', '', '', '', '', '', 'USD', 'active', false, NULL, '', '', '2026-11-28 17:02:52.140538+00', '2026-11-28 17:02:52.182351+00', DEFAULT, DEFAULT, NULL);


--
-- Data for Name: clients_clientdeletion; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_clientdeletion VALUES
	(1, 16, NULL, true, '{"notes": 2, "merges": 1, "activity": 21, "contacts": 1, "invoices": 4, "form_keys": 1, "run_errors": 1, "credit_notes": 1, "transactions": 3, "credit_grants": 5, "invoice_lines": 5, "billable_items": 1, "credit_entries": 8, "former_numbers": 1, "not_duplicates": 1, "credit_accounts": 2, "credit_note_lines": 1}', '{"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}', 'olga', '2026-11-28 17:02:52.339568+00', 1),
	(2, 17, 16, true, '{}', '{}', 'olga', '2026-11-28 17:02:52.424213+00', 1);


--
-- Data for Name: clients_clientgroup; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_clientgroup VALUES
	(1, 'Resellers');


--
-- Data for Name: clients_clientmerge; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_clientmerge VALUES
	(1, 2, '{"id": 2, "city": "", "email": "", "phone": "", "number": 2, "region": "", "status": "active", "tax_id": "", "country": "", "currency": "USD", "group_id": null, "language": "", "postcode": "", "tax_rate": null, "address_1": "", "address_2": "", "last_name": "", "created_at": "2026-11-28T17:02:46.919151+00:00", "credit_use": "", "first_name": "", "tax_exempt": false, "updated_at": "2026-11-28T17:02:46.931409+00:00", "company_name": "Acme Ltd Branch"}', '{"note": {"id": 2, "text": "Not taken over when client 2 was merged on 28 Nov 2026:\nCompany name: Acme Ltd Branch"}, "profile": {}, "accounts": [{"to": 1, "from": 3, "opened": false, "currency": "USD"}], "contacts": [], "contact_marks": {}, "not_duplicates": []}', '{"kept": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "after": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "before": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "discarded": {"USD": {"due": "0", "fees": "0", "credit": "1", "paid_in": "0", "invoiced": "0", "paid_out": "0"}}}', '{"activity": 2, "credit_grants": 1, "credit_entries": 1, "credit_accounts": 1}', 'System', '2026-11-28 17:02:46.959226+00', '', NULL, 1, NULL),
	(3, 8, '{"id": 8, "city": "", "email": "", "phone": "", "number": 8, "region": "", "status": "active", "tax_id": "", "country": "", "currency": "USD", "group_id": null, "language": "", "postcode": "", "tax_rate": null, "address_1": "", "address_2": "", "last_name": "", "created_at": "2026-11-28T17:02:49.389717+00:00", "credit_use": "", "first_name": "", "tax_exempt": false, "updated_at": "2026-11-28T17:02:49.406838+00:00", "company_name": "Initech Branch"}', '{"note": {"id": 6, "text": "Not taken over when client 8 was merged on 28 Nov 2026:\nCompany name: Initech Branch"}, "profile": {}, "accounts": [{"to": 11, "from": 13, "opened": false, "currency": "USD"}], "contacts": [], "contact_marks": {}, "not_duplicates": []}', '{"kept": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "after": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "before": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "discarded": {"USD": {"due": "0", "fees": "0", "credit": "1", "paid_in": "0", "invoiced": "0", "paid_out": "0"}}}', '{"activity": 2, "credit_grants": 1, "credit_entries": 1, "credit_accounts": 1}', 'System', '2026-11-28 17:02:49.434933+00', '', NULL, 7, NULL),
	(2, 5, '{"id": 5, "city": "", "email": "", "phone": "", "number": 5, "region": "", "status": "active", "tax_id": "", "country": "", "currency": "USD", "group_id": null, "language": "", "postcode": "", "tax_rate": null, "address_1": "", "address_2": "", "last_name": "", "created_at": "2026-11-28T17:02:47.750371+00:00", "credit_use": "", "first_name": "", "tax_exempt": false, "updated_at": "2026-11-28T17:02:47.815630+00:00", "company_name": "Globex Inc Branch"}', '{"note": {"id": 4, "text": "Not taken over when client 5 was merged on 28 Nov 2026:\nCompany name: Globex Inc Branch"}, "profile": {}, "accounts": [{"to": 6, "from": 8, "opened": false, "currency": "USD"}], "contacts": [], "contact_marks": {}, "not_duplicates": []}', '{"kept": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "after": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "before": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "7", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "discarded": {"USD": {"due": "0", "fees": "0", "credit": "1", "paid_in": "0", "invoiced": "0", "paid_out": "0"}}}', '{"activity": 2, "credit_grants": 1, "credit_entries": 1, "credit_accounts": 1}', 'System', '2026-11-28 17:02:47.915778+00', '', NULL, 1, NULL),
	(4, 4, '{"id": 4, "city": "", "email": "billing6@example.com", "phone": "+1 555 globex", "number": 4, "region": "", "status": "active", "tax_id": "", "country": "", "currency": "USD", "group_id": null, "language": "", "postcode": "", "tax_rate": null, "address_1": "", "address_2": "", "last_name": "", "created_at": "2026-11-28T17:02:47.184963+00:00", "credit_use": "", "first_name": "", "tax_exempt": false, "updated_at": "2026-11-28T17:02:48.035468+00:00", "company_name": "Globex Inc"}', '{"note": {"id": 7, "text": "Not taken over when client 4 was merged on 28 Nov 2026:\nCompany name: Globex Inc\nE-mail address: billing6@example.com\nPhone: +1 555 globex"}, "profile": {}, "accounts": [{"to": 2, "from": 7, "opened": false, "currency": "EUR"}, {"to": 1, "from": 6, "opened": false, "currency": "USD"}], "contacts": [], "contact_marks": {"2": "05a4007b363c0212f696edb96f5cdc08"}, "not_duplicates": [{"id": 2, "first_id": 4, "second_id": 6, "decided_at": "2026-11-28T17:02:48.264804+00:00", "decided_by_id": null, "decided_by_name": "Ann"}]}', '{"kept": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}, "after": {"EUR": {"due": "0", "fees": "0", "credit": "25", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "120", "fees": "0.6", "credit": "12", "paid_in": "58", "invoiced": "244", "paid_out": "0"}}, "before": {"EUR": {"due": "0", "fees": "0", "credit": "25", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "120", "fees": "0.6", "credit": "12", "paid_in": "58", "invoiced": "244", "paid_out": "0"}}, "discarded": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}}', '{"notes": 2, "merges": 1, "activity": 21, "contacts": 1, "invoices": 4, "form_keys": 1, "run_errors": 1, "credit_notes": 1, "transactions": 3, "credit_grants": 5, "invoice_lines": 5, "billable_items": 1, "credit_entries": 8, "former_numbers": 1, "not_duplicates": 1, "credit_accounts": 2, "credit_note_lines": 1}', 'olga', '2026-11-28 17:02:49.571698+00', '', NULL, 1, 1),
	(5, 7, '{}', '{}', '{"kept": {"EUR": {"due": "0", "fees": "0", "credit": "25", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "120", "fees": "0.6", "credit": "12", "paid_in": "58", "invoiced": "244", "paid_out": "0"}}, "after": {"EUR": {"due": "0", "fees": "0", "credit": "37.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "180", "fees": "0.9", "credit": "18", "paid_in": "87", "invoiced": "366", "paid_out": "0"}}, "before": {"EUR": {"due": "0", "fees": "0", "credit": "37.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "180", "fees": "0.9", "credit": "18", "paid_in": "87", "invoiced": "366", "paid_out": "0"}}, "discarded": {"EUR": {"due": "0", "fees": "0", "credit": "12.5", "paid_in": "0", "invoiced": "0", "paid_out": "0"}, "USD": {"due": "60", "fees": "0.3", "credit": "6", "paid_in": "29", "invoiced": "122", "paid_out": "0"}}}', '{"notes": 2, "merges": 1, "activity": 21, "contacts": 1, "invoices": 4, "form_keys": 1, "run_errors": 1, "credit_notes": 1, "transactions": 3, "credit_grants": 5, "invoice_lines": 5, "billable_items": 1, "credit_entries": 8, "former_numbers": 1, "not_duplicates": 1, "credit_accounts": 2, "credit_note_lines": 1}', 'olga', '2026-11-28 17:02:49.768991+00', 'olga', '2026-11-28 17:02:50.060918+00', 1, 1);


--
-- Data for Name: clients_clientnote; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_clientnote VALUES
	(1, 'Called acme', true, 'Ann', '2026-11-28 17:02:46.915353+00', NULL, 1),
	(2, 'Not taken over when client 2 was merged on 28 Nov 2026:
Company name: Acme Ltd Branch', false, 'System', '2026-11-28 17:02:46.961978+00', NULL, 1),
	(7, 'Not taken over when client 4 was merged on 28 Nov 2026:
Company name: Globex Inc
E-mail address: billing6@example.com
Phone: +1 555 globex', false, 'olga', '2026-11-28 17:02:49.585995+00', 1, 1),
	(3, 'Called globex', true, 'Ann', '2026-11-28 17:02:47.735185+00', NULL, 1),
	(4, 'Not taken over when client 5 was merged on 28 Nov 2026:
Company name: Globex Inc Branch', false, 'System', '2026-11-28 17:02:47.932314+00', NULL, 1),
	(5, 'Called initech', true, 'Ann', '2026-11-28 17:02:49.372902+00', NULL, 7),
	(6, 'Not taken over when client 8 was merged on 28 Nov 2026:
Company name: Initech Branch', false, 'System', '2026-11-28 17:02:49.437234+00', NULL, 7);


--
-- Data for Name: clients_clientnumberalias; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_clientnumberalias VALUES
	(1, 2, 1),
	(2, 5, 1),
	(4, 4, 1),
	(3, 8, 7);


--
-- Data for Name: clients_contact; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_contact VALUES
	(1, 'Ann', 'acme', 'ann@acme.example', '555', 1),
	(2, 'Ann', 'globex', 'ann@globex.example', '555', 1),
	(3, 'Ann', 'initech', 'ann@initech.example', '555', 7);


--
-- Data for Name: clients_formkey; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_formkey VALUES
	(1, 'form of 1', 'credit.add', 'f359330943b7eb960e7ca631353c3260f0b0153b37eef20ceeec8b16f0ec3fde', '{"creditgrant": [1]}', 'Credit of 30.00 USD added to Acme Ltd', '2026-11-28 17:02:46.299347+00', 1, NULL),
	(2, 'form of 4', 'credit.add', '0803c5c78d447408bf23d2418765ad0614b44067f391cd24d4dcb9645c773dcb', '{"creditgrant": [7]}', 'Credit of 30.00 USD added to Globex Inc', '2026-11-28 17:02:47.20859+00', 1, NULL),
	(3, 'form of 7', 'credit.add', 'e5ce0cb9e3514cf76dfd06cfd9812df1ea84803b416ddb07a2beca73a5b3e763', '{"creditgrant": [13]}', 'Credit of 30.00 USD added to Initech', '2026-11-28 17:02:48.379546+00', 7, NULL);


--
-- Data for Name: clients_mergedrows; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_mergedrows VALUES
	(1, 'activity', '{20,19,18}', 1),
	(2, 'credit_grants', '{5}', 1),
	(3, 'credit_entries', '{7}', 1),
	(4, 'activity', '{45,44,43}', 2),
	(5, 'credit_grants', '{11}', 2),
	(6, 'credit_entries', '{16}', 2),
	(7, 'activity', '{70,69,68}', 3),
	(8, 'credit_grants', '{17}', 3),
	(9, 'credit_entries', '{25}', 3),
	(10, 'invoices', '{8,7,6,5}', 4),
	(11, 'invoice_lines', '{6,7,8,9,10}', 4),
	(12, 'credit_notes', '{2}', 4),
	(13, 'credit_note_lines', '{2}', 4),
	(14, 'billable_items', '{2}', 4),
	(15, 'transactions', '{6,5,4}', 4),
	(16, 'contacts', '{2}', 4),
	(17, 'notes', '{3,4}', 4),
	(18, 'activity', '{76,48,46,45,44,43,42,41,40,39,38,37,36,35,34,33,32,30,29,28,27,26}', 4),
	(19, 'run_errors', '{2}', 4),
	(20, 'form_keys', '{2}', 4),
	(21, 'former_numbers', '{2}', 4),
	(22, 'merges', '{2}', 4),
	(23, 'credit_grants', '{11,10,9,8,7}', 4),
	(24, 'credit_entries', '{17,16,15,14,13,12,11,10}', 4);


--
-- Data for Name: clients_notaduplicate; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.clients_notaduplicate VALUES
	(1, 'Ann', '2026-11-28 17:02:47.16322+00', NULL, 1, 3),
	(3, 'Ann', '2026-11-28 17:02:49.508193+00', NULL, 7, 9),
	(4, 'olga', '2026-11-28 17:02:50.099061+00', 1, 1, 7);


--
-- Data for Name: credits_creditaccount; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credits_creditaccount VALUES
	(5, 'USD', 1.000, DEFAULT, 3),
	(10, 'USD', 1.000, DEFAULT, 6),
	(15, 'USD', 1.000, DEFAULT, 9),
	(12, 'EUR', 12.500, DEFAULT, 7),
	(2, 'EUR', 25.000, DEFAULT, 1),
	(11, 'USD', 6.000, DEFAULT, 7),
	(1, 'USD', 14.000, DEFAULT, 1),
	(25, 'USD', 1.000, DEFAULT, 18);


--
-- Data for Name: credits_creditbatch; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credits_creditbatch VALUES
	('ad5f3474-6c77-425d-98b2-0774a1458718', 'sorry.csv', 'c5e22be9fe6f683b95a20051e1ee858b3295e75d94d38e46dacca51f7c3413d9', 1, 1, '{"USD": "2.000"}', 'olga', '2026-11-28 17:02:50.648486+00', '2026-11-28 17:02:50.822959+00', 1);


--
-- Data for Name: credits_creditbatchrow; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: credits_creditentry; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credits_creditentry VALUES
	(1, 'grant', 'USD', 30.000, NULL, '', 'Downtime of acme', 'System', '2026-11-28 17:02:46.347413+00', 1, NULL, 1, NULL, NULL, 1),
	(2, 'grant', 'EUR', 12.500, NULL, '', 'Goodwill of acme', 'System', '2026-11-28 17:02:46.384927+00', 2, NULL, 1, NULL, NULL, 2),
	(3, 'apply', 'USD', -10.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:46.516877+00', 1, NULL, 1, 1, NULL, 1),
	(4, 'apply', 'USD', -20.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:46.663697+00', 1, NULL, 1, 2, NULL, 1),
	(5, 'grant', 'USD', 2.000, NULL, 'Overpayment of INV-000003', '', 'System', '2026-11-28 17:02:46.885748+00', 1, NULL, 1, NULL, NULL, 3),
	(6, 'adjust', 'USD', 4.000, NULL, 'Balance set from 2.00 USD to 6.00 USD', '', 'System', '2026-11-28 17:02:46.907543+00', 1, NULL, 1, NULL, NULL, 4),
	(7, 'grant', 'USD', 1.000, NULL, '', 'Welcome', 'System', '2026-11-28 17:02:46.940479+00', 1, NULL, 1, NULL, NULL, 5),
	(8, 'transfer', 'USD', -1.000, '0eaeb519-2706-471b-a194-35ef810ba3ea', 'Transferred to client 3', '', 'System', '2026-11-28 17:02:47.092092+00', 1, NULL, 1, NULL, NULL, 4),
	(9, 'transfer', 'USD', 1.000, '0eaeb519-2706-471b-a194-35ef810ba3ea', 'Transferred from client 1', '', 'System', '2026-11-28 17:02:47.126348+00', 5, NULL, 3, NULL, NULL, 6),
	(18, 'transfer', 'USD', 1.000, '03875c7d-5147-403f-8f8a-56327213529a', 'Transferred from client 4', '', 'System', '2026-11-28 17:02:48.241108+00', 10, NULL, 6, NULL, NULL, 12),
	(27, 'transfer', 'USD', 1.000, '7e03ad34-3bdd-4dc2-9839-fecca05c1e46', 'Transferred from client 7', '', 'System', '2026-11-28 17:02:49.488536+00', 15, NULL, 9, NULL, NULL, 18),
	(17, 'transfer', 'USD', -1.000, '03875c7d-5147-403f-8f8a-56327213529a', 'Transferred to client 6', '', 'System', '2026-11-28 17:02:48.197042+00', 1, NULL, 1, NULL, NULL, 10),
	(16, 'grant', 'USD', 1.000, NULL, '', 'Welcome', 'System', '2026-11-28 17:02:47.856053+00', 1, NULL, 1, NULL, NULL, 11),
	(15, 'adjust', 'USD', 4.000, NULL, 'Balance set from 2.00 USD to 6.00 USD', '', 'System', '2026-11-28 17:02:47.701031+00', 1, NULL, 1, NULL, NULL, 10),
	(14, 'grant', 'USD', 2.000, NULL, 'Overpayment of INV-000006', '', 'System', '2026-11-28 17:02:47.642668+00', 1, NULL, 1, NULL, NULL, 9),
	(13, 'apply', 'USD', -20.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:47.456914+00', 1, NULL, 1, 6, NULL, 7),
	(12, 'apply', 'USD', -10.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:47.31878+00', 1, NULL, 1, 5, NULL, 7),
	(11, 'grant', 'EUR', 12.500, NULL, '', 'Goodwill of globex', 'System', '2026-11-28 17:02:47.237947+00', 2, NULL, 1, NULL, NULL, 8),
	(10, 'grant', 'USD', 30.000, NULL, '', 'Downtime of globex', 'System', '2026-11-28 17:02:47.217614+00', 1, NULL, 1, NULL, NULL, 7),
	(20, 'grant', 'EUR', 12.500, NULL, '', 'Goodwill of initech', 'System', '2026-11-28 17:02:48.513832+00', 12, NULL, 7, NULL, NULL, 14),
	(19, 'grant', 'USD', 30.000, NULL, '', 'Downtime of initech', 'System', '2026-11-28 17:02:48.424263+00', 11, NULL, 7, NULL, NULL, 13),
	(21, 'apply', 'USD', -10.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:48.729252+00', 11, NULL, 7, 9, NULL, 13),
	(22, 'apply', 'USD', -20.000, NULL, 'Applied automatically', '', 'System', '2026-11-28 17:02:48.939211+00', 11, NULL, 7, 10, NULL, 13),
	(23, 'grant', 'USD', 2.000, NULL, 'Overpayment of INV-000009', '', 'System', '2026-11-28 17:02:49.2712+00', 11, NULL, 7, NULL, NULL, 15),
	(24, 'adjust', 'USD', 4.000, NULL, 'Balance set from 2.00 USD to 6.00 USD', '', 'System', '2026-11-28 17:02:49.361009+00', 11, NULL, 7, NULL, NULL, 16),
	(25, 'grant', 'USD', 1.000, NULL, '', 'Welcome', 'System', '2026-11-28 17:02:49.417492+00', 11, NULL, 7, NULL, NULL, 17),
	(26, 'transfer', 'USD', -1.000, '7e03ad34-3bdd-4dc2-9839-fecca05c1e46', 'Transferred to client 9', '', 'System', '2026-11-28 17:02:49.481882+00', 11, NULL, 7, NULL, NULL, 16),
	(28, 'grant', 'USD', 3.000, NULL, '', 'Soon over', 'System', '2026-11-28 17:02:50.585391+00', 1, NULL, 1, NULL, NULL, 19),
	(29, 'expire', 'USD', -3.000, NULL, 'Expired on 28 Nov 2026', '', 'olga', '2026-11-28 17:02:50.616201+00', 1, 1, 1, NULL, NULL, 19),
	(30, 'grant', 'USD', 2.000, 'ad5f3474-6c77-425d-98b2-0774a1458718', '', 'Sorry', 'olga', '2026-11-28 17:02:50.822959+00', 1, 1, 1, NULL, NULL, 20),
	(39, 'transfer', 'USD', 1.000, '321fd320-bb9f-462b-8969-0b0c8d105238', 'Transferred from client 16', '', 'System', '2026-11-28 17:02:52.226739+00', 25, NULL, 18, NULL, NULL, 26);


--
-- Data for Name: credits_creditgrant; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credits_creditgrant VALUES
	(2, 'credit', 'promotional', 'Goodwill of acme', 'EUR', 12.500, 12.500, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:46.383166+00', 2, 1, NULL, NULL),
	(11, 'credit', 'promotional', 'Welcome', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:47.853624+00', 1, 1, NULL, NULL),
	(1, 'credit', 'promotional', 'Downtime of acme', 'USD', 30.000, 0.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:46.341201+00', 1, 1, NULL, NULL),
	(3, 'overpayment', 'paid', 'Overpayment of INV-000003', 'USD', 2.000, 2.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:46.879134+00', 1, 1, NULL, 3),
	(5, 'credit', 'promotional', 'Welcome', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:46.93914+00', 1, 1, NULL, NULL),
	(4, 'adjustment', 'promotional', 'Balance set from 2.00 USD to 6.00 USD', 'USD', 4.000, 3.000, DEFAULT, 50, NULL, false, NULL, 'System', '2026-11-28 17:02:46.90611+00', 1, 1, NULL, NULL),
	(6, 'transfer', 'promotional', 'Transferred from client 1', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:47.120153+00', 5, 3, NULL, NULL),
	(10, 'adjustment', 'promotional', 'Balance set from 2.00 USD to 6.00 USD', 'USD', 4.000, 3.000, DEFAULT, 50, NULL, false, NULL, 'System', '2026-11-28 17:02:47.695319+00', 1, 1, NULL, NULL),
	(12, 'transfer', 'promotional', 'Transferred from client 4', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:48.228907+00', 10, 6, NULL, NULL),
	(9, 'overpayment', 'paid', 'Overpayment of INV-000006', 'USD', 2.000, 2.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:47.640338+00', 1, 1, NULL, 6),
	(18, 'transfer', 'promotional', 'Transferred from client 7', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:49.487205+00', 15, 9, NULL, NULL),
	(8, 'credit', 'promotional', 'Goodwill of globex', 'EUR', 12.500, 12.500, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:47.235732+00', 2, 1, NULL, NULL),
	(7, 'credit', 'promotional', 'Downtime of globex', 'USD', 30.000, 0.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:47.215837+00', 1, 1, NULL, NULL),
	(14, 'credit', 'promotional', 'Goodwill of initech', 'EUR', 12.500, 12.500, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:48.505341+00', 12, 7, NULL, NULL),
	(13, 'credit', 'promotional', 'Downtime of initech', 'USD', 30.000, 0.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:48.416702+00', 11, 7, NULL, NULL),
	(15, 'overpayment', 'paid', 'Overpayment of INV-000009', 'USD', 2.000, 2.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:49.263468+00', 11, 7, NULL, 9),
	(16, 'adjustment', 'promotional', 'Balance set from 2.00 USD to 6.00 USD', 'USD', 4.000, 3.000, DEFAULT, 50, NULL, false, NULL, 'System', '2026-11-28 17:02:49.351595+00', 11, 7, NULL, NULL),
	(17, 'credit', 'promotional', 'Welcome', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:49.416079+00', 11, 7, NULL, NULL),
	(19, 'credit', 'promotional', 'Soon over', 'USD', 3.000, 0.000, DEFAULT, 50, '2026-11-28', true, NULL, 'System', '2026-11-28 17:02:50.580817+00', 1, 1, NULL, NULL),
	(20, 'credit', 'promotional', 'Sorry', 'USD', 2.000, 2.000, DEFAULT, 50, NULL, true, NULL, 'olga', '2026-11-28 17:02:50.822959+00', 1, 1, 1, NULL),
	(26, 'transfer', 'promotional', 'Transferred from client 16', 'USD', 1.000, 1.000, DEFAULT, 50, NULL, true, NULL, 'System', '2026-11-28 17:02:52.22183+00', 25, 18, NULL, NULL);


--
-- Data for Name: credits_creditsettings; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: credits_ledgercheck; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.credits_ledgercheck VALUES
	(1, '2026-11-28 17:02:52.457078+00', '2026-11-28 17:02:52.50377+00', 0);


--
-- Data for Name: credits_ledgerfinding; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: django_content_type; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.django_content_type VALUES
	(1, 'billing_admin', 'job'),
	(2, 'billing_admin', 'offeredpermission'),
	(3, 'clients', 'activity'),
	(4, 'clients', 'client'),
	(5, 'clients', 'clientdeletion'),
	(6, 'clients', 'clientgroup'),
	(7, 'clients', 'clientmerge'),
	(8, 'clients', 'clientnote'),
	(9, 'clients', 'clientnumberalias'),
	(10, 'clients', 'contact'),
	(11, 'clients', 'formkey'),
	(12, 'clients', 'mergedrows'),
	(13, 'clients', 'notaduplicate'),
	(14, 'invoices', 'billableitem'),
	(15, 'invoices', 'creditnote'),
	(16, 'invoices', 'creditnoteline'),
	(17, 'invoices', 'deletednumbers'),
	(18, 'invoices', 'invoice'),
	(19, 'invoices', 'invoiceline'),
	(20, 'invoices', 'invoicerun'),
	(21, 'invoices', 'invoicerunerror'),
	(22, 'invoices', 'numberformat'),
	(23, 'invoices', 'numberseries'),
	(24, 'invoices', 'runlimits'),
	(25, 'invoices', 'taxrate'),
	(26, 'invoices', 'taxsettings'),
	(27, 'transactions', 'paymentfile'),
	(28, 'transactions', 'paymentfilemapping'),
	(29, 'transactions', 'paymentmethod'),
	(30, 'transactions', 'transaction'),
	(31, 'credits', 'creditaccount'),
	(32, 'credits', 'creditbatch'),
	(33, 'credits', 'creditbatchrow'),
	(34, 'credits', 'creditentry'),
	(35, 'credits', 'creditgrant'),
	(36, 'credits', 'creditsettings'),
	(37, 'credits', 'ledgercheck'),
	(38, 'credits', 'ledgerfinding'),
	(39, 'auth', 'group'),
	(40, 'auth', 'permission'),
	(41, 'auth', 'user'),
	(42, 'contenttypes', 'contenttype'),
	(43, 'sessions', 'session'),
	(44, 'procrastinate', 'procrastinateevent'),
	(45, 'procrastinate', 'procrastinatejob'),
	(46, 'procrastinate', 'procrastinateperiodicdefer'),
	(47, 'procrastinate', 'procrastinateworker');


--
-- Data for Name: django_migrations; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', '2026-11-28 17:02:20.658598+00'),
	(2, 'contenttypes', '0002_remove_content_type_name', '2026-11-28 17:02:20.67428+00'),
	(3, 'auth', '0001_initial', '2026-11-28 17:02:20.734844+00'),
	(4, 'auth', '0002_alter_permission_name_max_length', '2026-11-28 17:02:20.754109+00'),
	(5, 'auth', '0003_alter_user_email_max_length', '2026-11-28 17:02:20.791853+00'),
	(6, 'auth', '0004_alter_user_username_opts', '2026-11-28 17:02:20.821105+00'),
	(7, 'auth', '0005_alter_user_last_login_null', '2026-11-28 17:02:20.850947+00'),
	(8, 'auth', '0006_require_contenttypes_0002', '2026-11-28 17:02:20.855275+00'),
	(9, 'auth', '0007_alter_validators_add_error_messages', '2026-11-28 17:02:20.895035+00'),
	(10, 'auth', '0008_alter_user_username_max_length', '2026-11-28 17:02:20.957069+00'),
	(11, 'auth', '0009_alter_user_last_name_max_length', '2026-11-28 17:02:20.974868+00'),
	(12, 'auth', '0010_alter_group_name_max_length', '2026-11-28 17:02:21.001254+00'),
	(13, 'auth', '0011_update_proxy_permissions', '2026-11-28 17:02:21.027638+00'),
	(14, 'auth', '0012_alter_user_first_name_max_length', '2026-11-28 17:02:21.055864+00'),
	(15, 'billing_admin', '0001_version_0_1_0', '2026-11-28 17:02:21.173214+00'),
	(16, 'clients', '0001_initial', '2026-11-28 17:02:22.429609+00'),
	(17, 'invoices', '0001_initial', '2026-11-28 17:02:31.252387+00'),
	(18, 'transactions', '0001_initial', '2026-11-28 17:02:35.393693+00'),
	(19, 'credits', '0001_initial', '2026-11-28 17:02:40.308115+00'),
	(20, 'procrastinate', '0001_initial', '2026-11-28 17:02:40.333973+00'),
	(21, 'procrastinate', '0002_drop_started_at_column', '2026-11-28 17:02:40.339935+00'),
	(22, 'procrastinate', '0003_drop_started_at_column', '2026-11-28 17:02:40.344002+00'),
	(23, 'procrastinate', '0004_drop_procrastinate_version_table', '2026-11-28 17:02:40.348508+00'),
	(24, 'procrastinate', '0005_fix_procrastinate_fetch_job', '2026-11-28 17:02:40.353406+00'),
	(25, 'procrastinate', '0006_fix_trigger_status_events_insert', '2026-11-28 17:02:40.357288+00'),
	(26, 'procrastinate', '0007_add_queueing_lock_column', '2026-11-28 17:02:40.362519+00'),
	(27, 'procrastinate', '0008_close_fetch_job_race_condition', '2026-11-28 17:02:40.369714+00'),
	(28, 'procrastinate', '0009_add_defer_job_function', '2026-11-28 17:02:40.374384+00'),
	(29, 'procrastinate', '0010_add_procrastinate_periodic_defers', '2026-11-28 17:02:40.384385+00'),
	(30, 'procrastinate', '0011_add_foreign_key_index', '2026-11-28 17:02:40.390143+00'),
	(31, 'procrastinate', '0012_add_locks_to_periodic_defer', '2026-11-28 17:02:40.397519+00'),
	(32, 'procrastinate', '0013_fix_procrastinate_defer_periodic_job', '2026-11-28 17:02:40.402183+00'),
	(33, 'procrastinate', '0014_add_finish_job_and_retry_job_functions', '2026-11-28 17:02:40.40571+00'),
	(34, 'procrastinate', '0015_add_trigger_on_job_deletion', '2026-11-28 17:02:40.409015+00'),
	(35, 'procrastinate', '0016_delete_finished_jobs', '2026-11-28 17:02:40.411978+00'),
	(36, 'procrastinate', '0017_add_checks_to_finish_job', '2026-11-28 17:02:40.415093+00'),
	(37, 'procrastinate', '0018_add_checks_to_retry_job', '2026-11-28 17:02:40.417833+00'),
	(38, 'procrastinate', '0019_fix_finish_job_compat_issue', '2026-11-28 17:02:40.420994+00'),
	(39, 'procrastinate', '0020_add_index_on_procrastinate_jobs', '2026-11-28 17:02:40.425363+00'),
	(40, 'procrastinate', '0021_add_kwargs_to_defer_periodic_job', '2026-11-28 17:02:40.43186+00'),
	(41, 'procrastinate', '0022_null_locks_excluded', '2026-11-28 17:02:40.435943+00'),
	(42, 'procrastinate', '0023_remove_old_finish_job_function', '2026-11-28 17:02:40.439835+00'),
	(43, 'procrastinate', '0024_job_id_bigint', '2026-11-28 17:02:40.451687+00'),
	(44, 'procrastinate', '0025_add_models', '2026-11-28 17:02:40.466113+00'),
	(45, 'procrastinate', '0026_add_job_priority', '2026-11-28 17:02:40.477539+00'),
	(46, 'procrastinate', '0027_add_periodic_job_priority', '2026-11-28 17:02:40.486951+00'),
	(47, 'procrastinate', '0028_add_cancel_states', '2026-11-28 17:02:40.502713+00'),
	(48, 'procrastinate', '0029_add_additional_params_to_retry_job', '2026-11-28 17:02:40.506613+00'),
	(49, 'procrastinate', '0030_alter_procrastinateevent_options', '2026-11-28 17:02:40.512118+00'),
	(50, 'procrastinate', '0031_add_indexes_for_fetch_job', '2026-11-28 17:02:40.518222+00'),
	(51, 'procrastinate', '0032_pre_cancel_notification', '2026-11-28 17:02:40.53769+00'),
	(52, 'procrastinate', '0033_post_cancel_notification', '2026-11-28 17:02:40.56537+00'),
	(53, 'procrastinate', '0034_pre_add_heartbeat', '2026-11-28 17:02:40.58565+00'),
	(54, 'procrastinate', '0035_post_add_heartbeat', '2026-11-28 17:02:40.590379+00'),
	(55, 'procrastinate', '0036_add_worker_model', '2026-11-28 17:02:40.602079+00'),
	(56, 'procrastinate', '0037_pre_batch_defer_jobs', '2026-11-28 17:02:40.608502+00'),
	(57, 'procrastinate', '0038_post_batch_defer_jobs', '2026-11-28 17:02:40.611846+00'),
	(58, 'procrastinate', '0039_pre_priority_lock_fetch_job', '2026-11-28 17:02:40.615437+00'),
	(59, 'procrastinate', '0040_pre_retry_failed_job', '2026-11-28 17:02:40.618751+00'),
	(60, 'procrastinate', '0041_post_retry_failed_job', '2026-11-28 17:02:40.622327+00'),
	(61, 'sessions', '0001_initial', '2026-11-28 17:02:40.637173+00');


--
-- Data for Name: django_session; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: invoices_billableitem; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_billableitem VALUES
	(1, 'Hosting', 1.0000, 'USD', 10.000, NULL, NULL, 'monthly', '2030-01-31', NULL, 1, '2030-02-28', false, NULL, '2026-11-28 17:02:46.390309+00', 0, 1),
	(2, 'Hosting', 1.0000, 'USD', 10.000, NULL, NULL, 'monthly', '2030-01-31', NULL, 1, '2030-02-28', false, NULL, '2026-11-28 17:02:47.246434+00', 0, 1),
	(3, 'Hosting', 1.0000, 'USD', 10.000, NULL, NULL, 'monthly', '2030-01-31', NULL, 1, '2030-02-28', false, NULL, '2026-11-28 17:02:48.551837+00', 0, 7);


--
-- Data for Name: invoices_creditnote; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_creditnote VALUES
	(1, 'CN-', 1, DEFAULT, '2026-11-28', 'Slow for acme', 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 5.000, 0.000, 5.000, '2026-11-28 17:02:46.706841+00', 1, NULL, 2),
	(2, 'CN-', 2, DEFAULT, '2026-11-28', 'Slow for globex', 'Globex Inc', '', 'billing6@example.com', '', 'USD', 5.000, 0.000, 5.000, '2026-11-28 17:02:47.573179+00', 1, NULL, 6),
	(3, 'CN-', 3, DEFAULT, '2026-11-28', 'Slow for initech', 'Initech', '', 'billing11@example.com', '', 'USD', 5.000, 0.000, 5.000, '2026-11-28 17:02:49.059228+00', 7, NULL, 10);


--
-- Data for Name: invoices_creditnoteline; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_creditnoteline VALUES
	(1, 1, 'Hosting 2', 1.0000, 'USD', 0.000, 5.000, 0.000, 1, 1, 3),
	(2, 1, 'Hosting 2', 1.0000, 'USD', 0.000, 5.000, 0.000, 1, 2, 8),
	(3, 1, 'Hosting 2', 1.0000, 'USD', 0.000, 5.000, 0.000, 7, 3, 13);


--
-- Data for Name: invoices_deletednumbers; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_deletednumbers VALUES
	(1, 'credit_note', 'CN-', '{"[4,5)"}', 1),
	(2, 'invoice', 'INV-', '{"[12,15)"}', 1);


--
-- Data for Name: invoices_invoice; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_invoice VALUES
	(1, 'INV-', 1, DEFAULT, 'paid', '2030-01-31', '2030-02-14', '2026-11-28 17:02:46.523188+00', NULL, 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 10.000, 0.000, 10.000, 10.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:46.460398+00', 1, NULL, 1),
	(2, 'INV-', 2, DEFAULT, 'unpaid', '2026-11-28', '2026-12-12', NULL, NULL, 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 105.000, 0.000, 105.000, 20.000, 20.000, 5.000, DEFAULT, '', '', 0, '2026-11-28 17:02:46.630157+00', 1, NULL, NULL),
	(3, 'INV-', 3, DEFAULT, 'paid', '2026-11-28', '2026-12-12', '2026-11-28 17:02:46.83207+00', NULL, 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 7.000, 0.000, 7.000, 0.000, 7.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:46.748316+00', 1, NULL, NULL),
	(4, '', NULL, DEFAULT, 'draft', NULL, NULL, NULL, NULL, '', '', '', '', 'USD', 3.000, 0.000, 3.000, 0.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:46.8984+00', 1, NULL, NULL),
	(13, 'INV-', 10, DEFAULT, 'unpaid', '2026-11-28', '2026-12-12', NULL, NULL, 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 11.000, 0.000, 11.000, 0.000, 10.000, 0.000, DEFAULT, 'never', '', 0, '2026-11-28 17:02:50.359793+00', 1, NULL, NULL),
	(14, 'INV-', 11, DEFAULT, 'cancelled', '2026-11-28', '2026-12-12', NULL, '2026-11-28 17:02:51.042468+00', 'Acme Ltd', 'GB', 'billing1@example.com', '', 'USD', 9.000, 0.000, 9.000, 0.000, 0.000, 0.000, DEFAULT, 'never', '', 0, '2026-11-28 17:02:50.863344+00', 1, NULL, NULL),
	(8, '', NULL, DEFAULT, 'draft', NULL, NULL, NULL, NULL, '', '', '', '', 'USD', 3.000, 0.000, 3.000, 0.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:47.66799+00', 1, NULL, NULL),
	(7, 'INV-', 6, DEFAULT, 'paid', '2026-11-28', '2026-12-12', '2026-11-28 17:02:47.629371+00', NULL, 'Globex Inc', '', 'billing6@example.com', '', 'USD', 7.000, 0.000, 7.000, 0.000, 7.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:47.587719+00', 1, NULL, NULL),
	(6, 'INV-', 5, DEFAULT, 'unpaid', '2026-11-28', '2026-12-12', NULL, NULL, 'Globex Inc', '', 'billing6@example.com', '', 'USD', 105.000, 0.000, 105.000, 20.000, 20.000, 5.000, DEFAULT, '', '', 0, '2026-11-28 17:02:47.384039+00', 1, NULL, NULL),
	(5, 'INV-', 4, DEFAULT, 'paid', '2030-01-31', '2030-02-14', '2026-11-28 17:02:47.321335+00', NULL, 'Globex Inc', '', 'billing6@example.com', '', 'USD', 10.000, 0.000, 10.000, 10.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:47.289398+00', 1, NULL, 3),
	(12, '', NULL, DEFAULT, 'draft', NULL, NULL, NULL, NULL, '', '', '', '', 'USD', 3.000, 0.000, 3.000, 0.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:49.310173+00', 7, NULL, NULL),
	(11, 'INV-', 9, DEFAULT, 'paid', '2026-11-28', '2026-12-12', '2026-11-28 17:02:49.234941+00', NULL, 'Initech', '', 'billing11@example.com', '', 'USD', 7.000, 0.000, 7.000, 0.000, 7.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:49.117182+00', 7, NULL, NULL),
	(10, 'INV-', 8, DEFAULT, 'unpaid', '2026-11-28', '2026-12-12', NULL, NULL, 'Initech', '', 'billing11@example.com', '', 'USD', 105.000, 0.000, 105.000, 20.000, 20.000, 5.000, DEFAULT, '', '', 0, '2026-11-28 17:02:48.884046+00', 7, NULL, NULL),
	(9, 'INV-', 7, DEFAULT, 'paid', '2030-01-31', '2030-02-14', '2026-11-28 17:02:48.743339+00', NULL, 'Initech', '', 'billing11@example.com', '', 'USD', 10.000, 0.000, 10.000, 10.000, 0.000, 0.000, DEFAULT, '', '', 0, '2026-11-28 17:02:48.673107+00', 7, NULL, 5);


--
-- Data for Name: invoices_invoiceline; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_invoiceline VALUES
	(1, '2030-01-31', 1, 'Hosting', 1.0000, 'USD', 10.000, 0.000, false, 10.000, 0.000, 1, 1, 1),
	(2, NULL, 1, 'Hosting 1', 1.0000, 'USD', 100.000, 0.000, false, 100.000, 0.000, NULL, 1, 2),
	(3, NULL, 2, 'Hosting 2', 1.0000, 'USD', 5.000, 0.000, false, 5.000, 0.000, NULL, 1, 2),
	(4, NULL, 1, 'Hosting 1', 1.0000, 'USD', 7.000, 0.000, false, 7.000, 0.000, NULL, 1, 3),
	(5, NULL, 1, 'Draft for acme', 1.0000, 'USD', 3.000, 0.000, false, 3.000, 0.000, NULL, 1, 4),
	(6, '2030-01-31', 1, 'Hosting', 1.0000, 'USD', 10.000, 0.000, false, 10.000, 0.000, 2, 1, 5),
	(7, NULL, 1, 'Hosting 1', 1.0000, 'USD', 100.000, 0.000, false, 100.000, 0.000, NULL, 1, 6),
	(8, NULL, 2, 'Hosting 2', 1.0000, 'USD', 5.000, 0.000, false, 5.000, 0.000, NULL, 1, 6),
	(9, NULL, 1, 'Hosting 1', 1.0000, 'USD', 7.000, 0.000, false, 7.000, 0.000, NULL, 1, 7),
	(10, NULL, 1, 'Draft for globex', 1.0000, 'USD', 3.000, 0.000, false, 3.000, 0.000, NULL, 1, 8),
	(15, NULL, 1, 'Draft for initech', 1.0000, 'USD', 3.000, 0.000, false, 3.000, 0.000, NULL, 7, 12),
	(14, NULL, 1, 'Hosting 1', 1.0000, 'USD', 7.000, 0.000, false, 7.000, 0.000, NULL, 7, 11),
	(13, NULL, 2, 'Hosting 2', 1.0000, 'USD', 5.000, 0.000, false, 5.000, 0.000, NULL, 7, 10),
	(12, NULL, 1, 'Hosting 1', 1.0000, 'USD', 100.000, 0.000, false, 100.000, 0.000, NULL, 7, 10),
	(11, '2030-01-31', 1, 'Hosting', 1.0000, 'USD', 10.000, 0.000, false, 10.000, 0.000, 3, 7, 9),
	(16, NULL, 1, 'Hosting 1', 1.0000, 'USD', 11.000, 0.000, false, 11.000, 0.000, NULL, 1, 13),
	(17, NULL, 1, 'Hosting 1', 1.0000, 'USD', 9.000, 0.000, false, 9.000, 0.000, NULL, 1, 14);


--
-- Data for Name: invoices_invoicerun; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_invoicerun VALUES
	(1, '2030-01-31', 'finished', false, 1, false, 1, 0, 1, 0, 1, 1, '{"USD": {"paid": 1, "total": "10.000", "invoices": 1, "credit_applied": "10.000"}}', '', 'System', '2026-11-28 17:02:46.435777+00', '2026-11-28 17:02:46.551312+00', '2026-11-28 17:02:46.607632+00', NULL),
	(2, '2030-01-31', 'finished', false, 1, false, 0, 0, 0, 0, 0, 0, '{}', '', 'System', '2026-11-28 17:02:46.916794+00', NULL, NULL, NULL),
	(3, '2030-01-31', 'finished', false, 1, false, 1, 0, 1, 0, 1, 1, '{"USD": {"paid": 1, "total": "10.000", "invoices": 1, "credit_applied": "10.000"}}', '', 'System', '2026-11-28 17:02:47.272743+00', '2026-11-28 17:02:47.331593+00', '2026-11-28 17:02:47.356152+00', NULL),
	(4, '2030-01-31', 'finished', false, 1, false, 0, 0, 0, 0, 0, 0, '{}', '', 'System', '2026-11-28 17:02:47.737384+00', NULL, NULL, NULL),
	(5, '2030-01-31', 'finished', false, 1, false, 1, 0, 1, 0, 1, 1, '{"USD": {"paid": 1, "total": "10.000", "invoices": 1, "credit_applied": "10.000"}}', '', 'System', '2026-11-28 17:02:48.602023+00', '2026-11-28 17:02:48.77366+00', '2026-11-28 17:02:48.84802+00', NULL),
	(6, '2030-01-31', 'finished', false, 1, false, 0, 0, 0, 0, 0, 0, '{}', '', 'System', '2026-11-28 17:02:49.37417+00', NULL, NULL, NULL),
	(7, '2030-01-31', 'finished', false, 1, false, 1, 0, 1, 0, 1, 1, '{"USD": {"paid": 1, "total": "10.000", "invoices": 1, "credit_applied": "10.000"}}', '', 'System', '2026-11-28 17:02:51.251482+00', '2026-11-28 17:02:51.414283+00', '2026-11-28 17:02:51.536049+00', NULL),
	(8, '2030-01-31', 'finished', false, 1, false, 0, 0, 0, 0, 0, 0, '{}', '', 'System', '2026-11-28 17:02:51.876713+00', NULL, NULL, NULL);


--
-- Data for Name: invoices_invoicerunerror; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_invoicerunerror VALUES
	(1, 'No address of acme', '2026-11-28 17:02:46.917884+00', 1, 2),
	(2, 'No address of globex', '2026-11-28 17:02:47.747916+00', 1, 4),
	(3, 'No address of initech', '2026-11-28 17:02:49.387857+00', 7, 6);


--
-- Data for Name: invoices_numberformat; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: invoices_numberseries; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.invoices_numberseries VALUES
	(3, 'credit_note', 'CN-', 5),
	(1, 'invoice', 'INV-', 15);


--
-- Data for Name: invoices_runlimits; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: invoices_taxrate; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: invoices_taxsettings; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_events; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_jobs; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_periodic_defers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: procrastinate_workers; Type: TABLE DATA; Schema: public; Owner: -
--



--
-- Data for Name: transactions_paymentfile; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.transactions_paymentfile VALUES
	(1, 'february.csv', '\x446174652c416d6f756e742c546578742c4e616d650a323032362d31312d31352c31312e30302c494e562d3030303031302c416e79626f64790a323032362d31312d31362c342e30302c77686f206b6e6f77732c4e6f626f64790a', '2026-11-28 17:02:50.506872+00', 1, 1);


--
-- Data for Name: transactions_paymentfilemapping; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.transactions_paymentfilemapping VALUES
	(1, 'Bank', ',', 'utf-8', '%Y-%m-%d', false, 'Date', 'Amount', '', '', 'Name', 'Text', '', '', '', 'USD', 11);


--
-- Data for Name: transactions_paymentmethod; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.transactions_paymentmethod VALUES
	(1, 'Bank transfer', true),
	(2, 'Card', true),
	(3, 'PayPal', true),
	(4, 'Cash', true),
	(5, 'Gateway 2', true),
	(6, 'Gateway 3', true),
	(7, 'Gateway 7', true),
	(8, 'Gateway 8', true),
	(9, 'Gateway 12', true),
	(10, 'Gateway 13', true),
	(11, 'Bank of Acme', true),
	(12, 'Gateway 23', true),
	(13, 'Gateway 24', true);


--
-- Data for Name: transactions_transaction; Type: TABLE DATA; Schema: public; Owner: -
--

INSERT INTO public.transactions_transaction VALUES
	(1, 1, 'Acme Ltd', 'INV-000002', 'payment', '2026-11-28', 'acme-1', 1, 'Payment of INV-000002', '', 'USD', 20.000, 0.000, 0.000, 'System', '2026-11-28 17:02:46.685342+00', NULL, 1, NULL, 2, NULL, 5, NULL),
	(2, 1, 'Acme Ltd', 'INV-000003', 'payment', '2026-11-28', '', 1, 'Payment of INV-000003', 'Came from acme@bank.example', 'USD', 7.000, 0.300, 0.000, 'System', '2026-11-28 17:02:46.830836+00', NULL, 1, NULL, 3, NULL, 6, NULL),
	(3, 1, 'Acme Ltd', '', 'payment', '2026-11-28', '', 2, 'Overpayment of INV-000003', '', 'USD', 2.000, 0.000, 0.000, 'System', '2026-11-28 17:02:46.838247+00', NULL, 1, NULL, NULL, 2, 6, NULL),
	(6, 4, 'Globex Inc', '', 'payment', '2026-11-28', '', 2, 'Overpayment of INV-000006', '', 'USD', 2.000, 0.000, 0.000, 'System', '2026-11-28 17:02:47.632052+00', NULL, 1, NULL, NULL, 5, 8, NULL),
	(5, 4, 'Globex Inc', 'INV-000006', 'payment', '2026-11-28', '', 1, 'Payment of INV-000006', 'Came from globex@bank.example', 'USD', 7.000, 0.300, 0.000, 'System', '2026-11-28 17:02:47.628009+00', NULL, 1, NULL, 7, NULL, 8, NULL),
	(4, 4, 'Globex Inc', 'INV-000005', 'payment', '2026-11-28', 'globex-1', 1, 'Payment of INV-000005', '', 'USD', 20.000, 0.000, 0.000, 'System', '2026-11-28 17:02:47.549701+00', NULL, 1, NULL, 6, NULL, 7, NULL),
	(9, 7, 'Initech', '', 'payment', '2026-11-28', '', 2, 'Overpayment of INV-000009', '', 'USD', 2.000, 0.000, 0.000, 'System', '2026-11-28 17:02:49.239283+00', NULL, 7, NULL, NULL, 8, 10, NULL),
	(8, 7, 'Initech', 'INV-000009', 'payment', '2026-11-28', '', 1, 'Payment of INV-000009', 'Came from initech@bank.example', 'USD', 7.000, 0.300, 0.000, 'System', '2026-11-28 17:02:49.225685+00', NULL, 7, NULL, 11, NULL, 10, NULL),
	(7, 7, 'Initech', 'INV-000008', 'payment', '2026-11-28', 'initech-1', 1, 'Payment of INV-000008', '', 'USD', 20.000, 0.000, 0.000, 'System', '2026-11-28 17:02:49.000846+00', NULL, 7, NULL, 10, NULL, 9, NULL),
	(10, 1, 'Acme Ltd', 'INV-000010', 'payment', '2026-11-15', '', 1, 'Payment of INV-000010', 'INV-000010', 'USD', 11.000, 0.000, 0.000, 'olga', '2026-11-28 17:02:50.484222+00', '424cd1130b4e6fba428f5585baa36c4bf8cc18ce0149ba0937ca18454db3f17d', 1, 1, 13, NULL, 11, NULL),
	(11, NULL, '', '', 'payment', '2026-11-16', '', 1, '', 'Nobody · who knows', 'USD', 4.000, 0.000, 0.000, 'olga', '2026-11-28 17:02:50.488653+00', 'b2a62a5b4e26590fc0f8a3e817103dc189df2f3949723bc4c37463225516fbc6', NULL, 1, NULL, NULL, 11, NULL),
	(12, 1, 'Acme Ltd', 'INV-000010', 'refund', '2026-11-28', '', 1, 'Refund of INV-000010', '', 'USD', 0.000, 0.000, 1.000, 'olga', '2026-11-28 17:02:50.545268+00', NULL, 1, 1, 13, NULL, 11, 10),
	(15, 16, 'Gone Ltd', '', 'payment', '2026-11-28', '', 2, 'Overpayment of INV-000014', '', 'USD', 2.000, 0.000, 0.000, 'System', '2026-11-28 17:02:51.784655+00', NULL, NULL, NULL, NULL, 14, 13, NULL),
	(14, 16, 'Gone Ltd', 'INV-000014', 'payment', '2026-11-28', '', 1, 'Payment of INV-000014', '', 'USD', 7.000, 0.300, 0.000, 'System', '2026-11-28 17:02:51.780777+00', NULL, NULL, NULL, NULL, NULL, 13, NULL),
	(13, 16, 'Gone Ltd', 'INV-000013', 'payment', '2026-11-28', 'gone-1', 1, 'Payment of INV-000013', '', 'USD', 20.000, 0.000, 0.000, 'System', '2026-11-28 17:02:51.628433+00', NULL, NULL, NULL, NULL, NULL, 12, NULL);


--
-- Name: auth_group_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_id_seq', 3, true);


--
-- Name: auth_group_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 51, true);


--
-- Name: auth_permission_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_permission_id_seq', 65, true);


--
-- Name: auth_user_groups_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_groups_id_seq', 3, true);


--
-- Name: auth_user_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_id_seq', 3, true);


--
-- Name: auth_user_user_permissions_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.auth_user_user_permissions_id_seq', 1, false);


--
-- Name: billing_admin_job_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.billing_admin_job_id_seq', 1, false);


--
-- Name: billing_admin_offeredpermission_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.billing_admin_offeredpermission_id_seq', 51, true);


--
-- Name: client_number_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.client_number_seq', 18, true);


--
-- Name: clients_activity_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_activity_id_seq', 129, true);


--
-- Name: clients_client_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_client_id_seq', 18, true);


--
-- Name: clients_clientdeletion_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_clientdeletion_id_seq', 2, true);


--
-- Name: clients_clientgroup_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_clientgroup_id_seq', 1, true);


--
-- Name: clients_clientmerge_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_clientmerge_id_seq', 6, true);


--
-- Name: clients_clientnote_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_clientnote_id_seq', 10, true);


--
-- Name: clients_clientnumberalias_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_clientnumberalias_id_seq', 6, true);


--
-- Name: clients_contact_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_contact_id_seq', 4, true);


--
-- Name: clients_formkey_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_formkey_id_seq', 4, true);


--
-- Name: clients_mergedrows_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_mergedrows_id_seq', 42, true);


--
-- Name: clients_notaduplicate_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.clients_notaduplicate_id_seq', 5, true);


--
-- Name: credits_creditaccount_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_creditaccount_id_seq', 25, true);


--
-- Name: credits_creditbatchrow_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_creditbatchrow_id_seq', 1, true);


--
-- Name: credits_creditentry_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_creditentry_id_seq', 39, true);


--
-- Name: credits_creditgrant_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_creditgrant_id_seq', 26, true);


--
-- Name: credits_ledgercheck_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_ledgercheck_id_seq', 1, true);


--
-- Name: credits_ledgerfinding_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.credits_ledgerfinding_id_seq', 1, false);


--
-- Name: django_content_type_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_content_type_id_seq', 47, true);


--
-- Name: django_migrations_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.django_migrations_id_seq', 61, true);


--
-- Name: invoices_billableitem_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_billableitem_id_seq', 4, true);


--
-- Name: invoices_creditnote_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_creditnote_id_seq', 4, true);


--
-- Name: invoices_creditnoteline_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_creditnoteline_id_seq', 4, true);


--
-- Name: invoices_deletednumbers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_deletednumbers_id_seq', 2, true);


--
-- Name: invoices_invoice_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_invoice_id_seq', 18, true);


--
-- Name: invoices_invoiceline_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_invoiceline_id_seq', 22, true);


--
-- Name: invoices_invoicerun_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_invoicerun_id_seq', 8, true);


--
-- Name: invoices_invoicerunerror_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_invoicerunerror_id_seq', 4, true);


--
-- Name: invoices_numberseries_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_numberseries_id_seq', 18, true);


--
-- Name: invoices_taxrate_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.invoices_taxrate_id_seq', 1, false);


--
-- Name: procrastinate_events_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_events_id_seq', 1, false);


--
-- Name: procrastinate_jobs_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_jobs_id_seq', 1, false);


--
-- Name: procrastinate_periodic_defers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_periodic_defers_id_seq', 1, false);


--
-- Name: procrastinate_workers_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.procrastinate_workers_id_seq', 1, false);


--
-- Name: transactions_paymentfile_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.transactions_paymentfile_id_seq', 1, true);


--
-- Name: transactions_paymentfilemapping_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.transactions_paymentfilemapping_id_seq', 1, true);


--
-- Name: transactions_paymentmethod_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.transactions_paymentmethod_id_seq', 13, true);


--
-- Name: transactions_transaction_id_seq; Type: SEQUENCE SET; Schema: public; Owner: -
--

SELECT pg_catalog.setval('public.transactions_transaction_id_seq', 15, true);


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
-- Name: auth_user_groups auth_user_groups_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_pkey PRIMARY KEY (id);


--
-- Name: auth_user_groups auth_user_groups_user_id_group_id_94350c0c_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_group_id_94350c0c_uniq UNIQUE (user_id, group_id);


--
-- Name: auth_user auth_user_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_pkey PRIMARY KEY (id);


--
-- Name: auth_user_user_permissions auth_user_user_permissions_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_pkey PRIMARY KEY (id);


--
-- Name: auth_user_user_permissions auth_user_user_permissions_user_id_permission_id_14a6b632_uniq; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_permission_id_14a6b632_uniq UNIQUE (user_id, permission_id);


--
-- Name: auth_user auth_user_username_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user
    ADD CONSTRAINT auth_user_username_key UNIQUE (username);


--
-- Name: invoices_invoiceline billed_once_per_period; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT billed_once_per_period UNIQUE (billable_item_id, period);


--
-- Name: billing_admin_job billing_admin_job_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.billing_admin_job
    ADD CONSTRAINT billing_admin_job_pkey PRIMARY KEY (id);


--
-- Name: billing_admin_offeredpermission billing_admin_offeredpermission_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.billing_admin_offeredpermission
    ADD CONSTRAINT billing_admin_offeredpermission_pkey PRIMARY KEY (id);


--
-- Name: clients_activity clients_activity_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_activity
    ADD CONSTRAINT clients_activity_pkey PRIMARY KEY (id);


--
-- Name: clients_client clients_client_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_client
    ADD CONSTRAINT clients_client_number_key UNIQUE (number);


--
-- Name: clients_client clients_client_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_client
    ADD CONSTRAINT clients_client_pkey PRIMARY KEY (id);


--
-- Name: clients_clientdeletion clients_clientdeletion_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientdeletion
    ADD CONSTRAINT clients_clientdeletion_number_key UNIQUE (number);


--
-- Name: clients_clientdeletion clients_clientdeletion_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientdeletion
    ADD CONSTRAINT clients_clientdeletion_pkey PRIMARY KEY (id);


--
-- Name: clients_clientgroup clients_clientgroup_name_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientgroup
    ADD CONSTRAINT clients_clientgroup_name_key UNIQUE (name);


--
-- Name: clients_clientgroup clients_clientgroup_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientgroup
    ADD CONSTRAINT clients_clientgroup_pkey PRIMARY KEY (id);


--
-- Name: clients_clientmerge clients_clientmerge_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientmerge
    ADD CONSTRAINT clients_clientmerge_pkey PRIMARY KEY (id);


--
-- Name: clients_clientnote clients_clientnote_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnote
    ADD CONSTRAINT clients_clientnote_pkey PRIMARY KEY (id);


--
-- Name: clients_clientnumberalias clients_clientnumberalias_number_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnumberalias
    ADD CONSTRAINT clients_clientnumberalias_number_key UNIQUE (number);


--
-- Name: clients_clientnumberalias clients_clientnumberalias_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnumberalias
    ADD CONSTRAINT clients_clientnumberalias_pkey PRIMARY KEY (id);


--
-- Name: clients_contact clients_contact_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_contact
    ADD CONSTRAINT clients_contact_pkey PRIMARY KEY (id);


--
-- Name: clients_formkey clients_formkey_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_formkey
    ADD CONSTRAINT clients_formkey_pkey PRIMARY KEY (id);


--
-- Name: clients_mergedrows clients_mergedrows_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_mergedrows
    ADD CONSTRAINT clients_mergedrows_pkey PRIMARY KEY (id);


--
-- Name: clients_notaduplicate clients_notaduplicate_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_notaduplicate
    ADD CONSTRAINT clients_notaduplicate_pkey PRIMARY KEY (id);


--
-- Name: credits_creditbatchrow credit_batch_row_line_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditbatchrow
    ADD CONSTRAINT credit_batch_row_line_once UNIQUE (batch_id, line);


--
-- Name: invoices_creditnoteline credit_note_line_once_per_line; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT credit_note_line_once_per_line UNIQUE (credit_note_id, invoice_line_id);


--
-- Name: invoices_creditnoteline credit_note_line_position_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT credit_note_line_position_once UNIQUE (credit_note_id, "position");


--
-- Name: invoices_creditnote credit_note_number_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnote
    ADD CONSTRAINT credit_note_number_once UNIQUE (number, number_prefix);


--
-- Name: credits_creditaccount credits_creditaccount_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditaccount
    ADD CONSTRAINT credits_creditaccount_pkey PRIMARY KEY (id);


--
-- Name: credits_creditbatch credits_creditbatch_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditbatch
    ADD CONSTRAINT credits_creditbatch_pkey PRIMARY KEY (id);


--
-- Name: credits_creditbatchrow credits_creditbatchrow_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditbatchrow
    ADD CONSTRAINT credits_creditbatchrow_pkey PRIMARY KEY (id);


--
-- Name: credits_creditentry credits_creditentry_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_pkey PRIMARY KEY (id);


--
-- Name: credits_creditgrant credits_creditgrant_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditgrant
    ADD CONSTRAINT credits_creditgrant_pkey PRIMARY KEY (id);


--
-- Name: credits_creditsettings credits_creditsettings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditsettings
    ADD CONSTRAINT credits_creditsettings_pkey PRIMARY KEY (id);


--
-- Name: credits_ledgercheck credits_ledgercheck_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_ledgercheck
    ADD CONSTRAINT credits_ledgercheck_pkey PRIMARY KEY (id);


--
-- Name: credits_ledgerfinding credits_ledgerfinding_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_ledgerfinding
    ADD CONSTRAINT credits_ledgerfinding_pkey PRIMARY KEY (id);


--
-- Name: invoices_deletednumbers deleted_numbers_once_per_series; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_deletednumbers
    ADD CONSTRAINT deleted_numbers_once_per_series UNIQUE (deletion_id, document, prefix);


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
-- Name: clients_formkey form_key_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_formkey
    ADD CONSTRAINT form_key_once UNIQUE (key);


--
-- Name: invoices_invoiceline invoice_line_position_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT invoice_line_position_once UNIQUE (invoice_id, "position");


--
-- Name: invoices_invoice invoice_number_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoice
    ADD CONSTRAINT invoice_number_once UNIQUE (number, number_prefix);


--
-- Name: invoices_billableitem invoices_billableitem_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_billableitem
    ADD CONSTRAINT invoices_billableitem_pkey PRIMARY KEY (id);


--
-- Name: invoices_creditnote invoices_creditnote_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnote
    ADD CONSTRAINT invoices_creditnote_pkey PRIMARY KEY (id);


--
-- Name: invoices_creditnoteline invoices_creditnoteline_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT invoices_creditnoteline_pkey PRIMARY KEY (id);


--
-- Name: invoices_deletednumbers invoices_deletednumbers_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_deletednumbers
    ADD CONSTRAINT invoices_deletednumbers_pkey PRIMARY KEY (id);


--
-- Name: invoices_invoice invoices_invoice_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoice
    ADD CONSTRAINT invoices_invoice_pkey PRIMARY KEY (id);


--
-- Name: invoices_invoiceline invoices_invoiceline_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT invoices_invoiceline_pkey PRIMARY KEY (id);


--
-- Name: invoices_invoicerun invoices_invoicerun_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoicerun
    ADD CONSTRAINT invoices_invoicerun_pkey PRIMARY KEY (id);


--
-- Name: invoices_invoicerunerror invoices_invoicerunerror_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoicerunerror
    ADD CONSTRAINT invoices_invoicerunerror_pkey PRIMARY KEY (id);


--
-- Name: invoices_numberformat invoices_numberformat_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_numberformat
    ADD CONSTRAINT invoices_numberformat_pkey PRIMARY KEY (document);


--
-- Name: invoices_numberseries invoices_numberseries_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_numberseries
    ADD CONSTRAINT invoices_numberseries_pkey PRIMARY KEY (id);


--
-- Name: invoices_runlimits invoices_runlimits_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_runlimits
    ADD CONSTRAINT invoices_runlimits_pkey PRIMARY KEY (id);


--
-- Name: invoices_taxrate invoices_taxrate_country_key; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_taxrate
    ADD CONSTRAINT invoices_taxrate_country_key UNIQUE (country);


--
-- Name: invoices_taxrate invoices_taxrate_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_taxrate
    ADD CONSTRAINT invoices_taxrate_pkey PRIMARY KEY (id);


--
-- Name: invoices_taxsettings invoices_taxsettings_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_taxsettings
    ADD CONSTRAINT invoices_taxsettings_pkey PRIMARY KEY (id);


--
-- Name: clients_mergedrows merged_rows_once_per_kind; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_mergedrows
    ADD CONSTRAINT merged_rows_once_per_kind UNIQUE (merge_id, kind);


--
-- Name: clients_notaduplicate not_a_duplicate_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_notaduplicate
    ADD CONSTRAINT not_a_duplicate_once UNIQUE (first_id, second_id);


--
-- Name: credits_creditaccount one_credit_account_per_currency; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditaccount
    ADD CONSTRAINT one_credit_account_per_currency UNIQUE (client_id, currency);


--
-- Name: invoices_numberseries one_number_series_per_prefix; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_numberseries
    ADD CONSTRAINT one_number_series_per_prefix UNIQUE (document, prefix);


--
-- Name: billing_admin_offeredpermission permission_offered_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.billing_admin_offeredpermission
    ADD CONSTRAINT permission_offered_once UNIQUE (group_name, permission);


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
-- Name: transactions_transaction transaction_file_key_once; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transaction_file_key_once UNIQUE (file_key, part);


--
-- Name: transactions_paymentfile transactions_paymentfile_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentfile
    ADD CONSTRAINT transactions_paymentfile_pkey PRIMARY KEY (id);


--
-- Name: transactions_paymentfilemapping transactions_paymentfilemapping_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentfilemapping
    ADD CONSTRAINT transactions_paymentfilemapping_pkey PRIMARY KEY (id);


--
-- Name: transactions_paymentmethod transactions_paymentmethod_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentmethod
    ADD CONSTRAINT transactions_paymentmethod_pkey PRIMARY KEY (id);


--
-- Name: transactions_transaction transactions_transaction_pkey; Type: CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transaction_pkey PRIMARY KEY (id);


--
-- Name: activity_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX activity_of_client ON public.clients_activity USING btree (client_id, id DESC);


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
-- Name: auth_user_groups_group_id_97559544; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_groups_group_id_97559544 ON public.auth_user_groups USING btree (group_id);


--
-- Name: auth_user_groups_user_id_6a12ed8b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_groups_user_id_6a12ed8b ON public.auth_user_groups USING btree (user_id);


--
-- Name: auth_user_user_permissions_permission_id_1fbb5f2c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_user_permissions_permission_id_1fbb5f2c ON public.auth_user_user_permissions USING btree (permission_id);


--
-- Name: auth_user_user_permissions_user_id_a95ead1b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_user_permissions_user_id_a95ead1b ON public.auth_user_user_permissions USING btree (user_id);


--
-- Name: auth_user_username_6821ab7c_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX auth_user_username_6821ab7c_like ON public.auth_user USING btree (username varchar_pattern_ops);


--
-- Name: billable_item_by_cycle; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_by_cycle ON public.invoices_billableitem USING btree (cycle, id DESC) WHERE (NOT ((cycle)::text = 'monthly'::text));


--
-- Name: billable_item_by_due_date; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_by_due_date ON public.invoices_billableitem USING btree (next_due_on, id) WHERE (next_due_on IS NOT NULL);


--
-- Name: billable_item_due_by_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_due_by_client ON public.invoices_billableitem USING btree (client_id, next_due_on) WHERE ((next_due_on IS NOT NULL) AND (NOT paused));


--
-- Name: billable_item_ended; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_ended ON public.invoices_billableitem USING btree (id DESC) WHERE (next_due_on IS NULL);


--
-- Name: billable_item_imported_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX billable_item_imported_once ON public.invoices_billableitem USING btree (import_key) WHERE (import_key IS NOT NULL);


--
-- Name: billable_item_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_of_client ON public.invoices_billableitem USING btree (client_id, id DESC);


--
-- Name: billable_item_paused; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billable_item_paused ON public.invoices_billableitem USING btree (id DESC) WHERE paused;


--
-- Name: billing_admin_job_asked_by_id_14e7bf19; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX billing_admin_job_asked_by_id_14e7bf19 ON public.billing_admin_job USING btree (asked_by_id);


--
-- Name: client_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_age ON public.clients_client USING btree (created_at, id);


--
-- Name: client_by_email; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_email ON public.clients_client USING btree (upper((email)::text));


--
-- Name: client_by_name; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_name ON public.clients_client USING btree (sort_name, id);


--
-- Name: client_by_phone; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_phone ON public.clients_client USING btree (regexp_replace((phone)::text, '[^0-9]'::text, ''::text, 'g'::text)) WHERE (NOT ((phone)::text = ''::text));


--
-- Name: client_by_postcode; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_postcode ON public.clients_client USING btree (postcode, id DESC) WHERE (NOT ((postcode)::text = ''::text));


--
-- Name: client_by_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_status ON public.clients_client USING btree (status, number);


--
-- Name: client_by_tax_id; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_by_tax_id ON public.clients_client USING btree (upper(regexp_replace((tax_id)::text, '[^A-Za-z0-9]'::text, ''::text, 'g'::text))) WHERE (NOT ((tax_id)::text = ''::text));


--
-- Name: client_search; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX client_search ON public.clients_client USING gin (search_text public.gin_trgm_ops);


--
-- Name: clients_activity_actor_id_175b67bf; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_activity_actor_id_175b67bf ON public.clients_activity USING btree (actor_id);


--
-- Name: clients_client_group_id_9715e165; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_client_group_id_9715e165 ON public.clients_client USING btree (group_id);


--
-- Name: clients_clientdeletion_deleted_by_id_c73ff169; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientdeletion_deleted_by_id_c73ff169 ON public.clients_clientdeletion USING btree (deleted_by_id);


--
-- Name: clients_clientgroup_name_85560110_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientgroup_name_85560110_like ON public.clients_clientgroup USING btree (name varchar_pattern_ops);


--
-- Name: clients_clientmerge_kept_id_47ba3196; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientmerge_kept_id_47ba3196 ON public.clients_clientmerge USING btree (kept_id);


--
-- Name: clients_clientmerge_merged_by_id_af56375f; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientmerge_merged_by_id_af56375f ON public.clients_clientmerge USING btree (merged_by_id);


--
-- Name: clients_clientnote_author_id_68f0e89c; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientnote_author_id_68f0e89c ON public.clients_clientnote USING btree (author_id);


--
-- Name: clients_clientnote_client_id_78fc249e; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientnote_client_id_78fc249e ON public.clients_clientnote USING btree (client_id);


--
-- Name: clients_clientnumberalias_client_id_d7f8a490; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_clientnumberalias_client_id_d7f8a490 ON public.clients_clientnumberalias USING btree (client_id);


--
-- Name: clients_formkey_client_id_f48f6884; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_formkey_client_id_f48f6884 ON public.clients_formkey USING btree (client_id);


--
-- Name: clients_formkey_person_id_f8e6c593; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_formkey_person_id_f8e6c593 ON public.clients_formkey USING btree (person_id);


--
-- Name: clients_notaduplicate_decided_by_id_4d1223c7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_notaduplicate_decided_by_id_4d1223c7 ON public.clients_notaduplicate USING btree (decided_by_id);


--
-- Name: clients_notaduplicate_second_id_30942f7b; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX clients_notaduplicate_second_id_30942f7b ON public.clients_notaduplicate USING btree (second_id);


--
-- Name: contact_email_once_per_client; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX contact_email_once_per_client ON public.clients_contact USING btree (client_id, upper((email)::text));


--
-- Name: credit_account_open; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_account_open ON public.credits_creditaccount USING btree (currency, id) WHERE is_open;


--
-- Name: credit_batch_by_age; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_batch_by_age ON public.credits_creditbatch USING btree (created_at, id);


--
-- Name: credit_batch_by_digest; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_batch_by_digest ON public.credits_creditbatch USING btree (digest);


--
-- Name: credit_batch_row_outcomes; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_batch_row_outcomes ON public.credits_creditbatchrow USING btree (batch_id, outcome, line);


--
-- Name: credit_entry_by_currency; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_by_currency ON public.credits_creditentry USING btree (currency, at, id);


--
-- Name: credit_entry_by_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_by_kind ON public.credits_creditentry USING btree (kind, at, id);


--
-- Name: credit_entry_by_time; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_by_time ON public.credits_creditentry USING btree (at, id);


--
-- Name: credit_entry_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_account ON public.credits_creditentry USING btree (account_id, id);


--
-- Name: credit_entry_of_actor; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_actor ON public.credits_creditentry USING btree (actor_id) WHERE (actor_id IS NOT NULL);


--
-- Name: credit_entry_of_batch; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_batch ON public.credits_creditentry USING btree (batch) WHERE (batch IS NOT NULL);


--
-- Name: credit_entry_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_client ON public.credits_creditentry USING btree (client_id, id DESC);


--
-- Name: credit_entry_of_grant; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_grant ON public.credits_creditentry USING btree (grant_id, id);


--
-- Name: credit_entry_of_invoice; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_entry_of_invoice ON public.credits_creditentry USING btree (invoice_id, id) WHERE (invoice_id IS NOT NULL);


--
-- Name: credit_entry_reversed_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX credit_entry_reversed_once ON public.credits_creditentry USING btree (reverses_id) WHERE (reverses_id IS NOT NULL);


--
-- Name: credit_grant_expiring; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_grant_expiring ON public.credits_creditgrant USING btree (expires_on, id) WHERE ((expires_on IS NOT NULL) AND is_open);


--
-- Name: credit_grant_file_key_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX credit_grant_file_key_once ON public.credits_creditgrant USING btree (file_key) WHERE (file_key IS NOT NULL);


--
-- Name: credit_grant_of_account; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_grant_of_account ON public.credits_creditgrant USING btree (account_id, id);


--
-- Name: credit_grant_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_grant_of_client ON public.credits_creditgrant USING btree (client_id, id DESC);


--
-- Name: credit_grant_of_transaction; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_grant_of_transaction ON public.credits_creditgrant USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);


--
-- Name: credit_note_by_creator; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_note_by_creator ON public.invoices_creditnote USING btree (created_by_id) WHERE (created_by_id IS NOT NULL);


--
-- Name: credit_note_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_note_of_client ON public.invoices_creditnote USING btree (client_id, id DESC);


--
-- Name: credit_note_of_invoice; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credit_note_of_invoice ON public.invoices_creditnote USING btree (invoice_id, id);


--
-- Name: credits_creditbatch_created_by_id_160d2831; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credits_creditbatch_created_by_id_160d2831 ON public.credits_creditbatch USING btree (created_by_id);


--
-- Name: credits_creditgrant_created_by_id_0d2ddc46; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credits_creditgrant_created_by_id_0d2ddc46 ON public.credits_creditgrant USING btree (created_by_id);


--
-- Name: credits_ledgerfinding_check_run_id_b0eca9bc; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX credits_ledgerfinding_check_run_id_b0eca9bc ON public.credits_ledgerfinding USING btree (check_run_id);


--
-- Name: django_session_expire_date_a5c62663; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);


--
-- Name: django_session_session_key_c0390e0f_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);


--
-- Name: idx_procrastinate_jobs_worker_not_null; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_jobs_worker_not_null ON public.procrastinate_jobs USING btree (worker_id) WHERE ((worker_id IS NOT NULL) AND (status = 'doing'::public.procrastinate_job_status));


--
-- Name: idx_procrastinate_workers_last_heartbeat; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX idx_procrastinate_workers_last_heartbeat ON public.procrastinate_workers USING btree (last_heartbeat);


--
-- Name: invoice_by_creator; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_by_creator ON public.invoices_invoice USING btree (created_by_id) WHERE (created_by_id IS NOT NULL);


--
-- Name: invoice_by_currency; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_by_currency ON public.invoices_invoice USING btree (currency, id DESC);


--
-- Name: invoice_by_issue_date; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_by_issue_date ON public.invoices_invoice USING btree (issued_on, id);


--
-- Name: invoice_by_status; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_by_status ON public.invoices_invoice USING btree (status, issued_on, id);


--
-- Name: invoice_draft; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_draft ON public.invoices_invoice USING btree (id DESC) WHERE ((status)::text = 'draft'::text);


--
-- Name: invoice_due; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_due ON public.invoices_invoice USING btree (due_on, id) WHERE ((status)::text = 'unpaid'::text);


--
-- Name: invoice_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_of_client ON public.invoices_invoice USING btree (client_id, id DESC);


--
-- Name: invoice_of_run; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_of_run ON public.invoices_invoice USING btree (run_id, id) WHERE (run_id IS NOT NULL);


--
-- Name: invoice_run_errors_in_order; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_run_errors_in_order ON public.invoices_invoicerunerror USING btree (run_id, id);


--
-- Name: invoice_run_unfinished; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoice_run_unfinished ON public.invoices_invoicerun USING btree (id DESC) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying])::text[]));


--
-- Name: invoices_creditnoteline_client_id_b579dcd0; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_creditnoteline_client_id_b579dcd0 ON public.invoices_creditnoteline USING btree (client_id);


--
-- Name: invoices_creditnoteline_invoice_line_id_68b96272; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_creditnoteline_invoice_line_id_68b96272 ON public.invoices_creditnoteline USING btree (invoice_line_id);


--
-- Name: invoices_invoiceline_client_id_a081a0bb; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_invoiceline_client_id_a081a0bb ON public.invoices_invoiceline USING btree (client_id);


--
-- Name: invoices_invoicerun_started_by_id_0c00da49; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_invoicerun_started_by_id_0c00da49 ON public.invoices_invoicerun USING btree (started_by_id);


--
-- Name: invoices_invoicerunerror_client_id_fb2cee62; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_invoicerunerror_client_id_fb2cee62 ON public.invoices_invoicerunerror USING btree (client_id);


--
-- Name: invoices_numberformat_document_1fce95ea_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_numberformat_document_1fce95ea_like ON public.invoices_numberformat USING btree (document varchar_pattern_ops);


--
-- Name: invoices_taxrate_country_62c8f1e1_like; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX invoices_taxrate_country_62c8f1e1_like ON public.invoices_taxrate USING btree (country varchar_pattern_ops);


--
-- Name: one_unfinished_job_of_a_kind; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX one_unfinished_job_of_a_kind ON public.billing_admin_job USING btree (kind, subject) WHERE ((state)::text = ANY ((ARRAY['waiting'::character varying, 'running'::character varying])::text[]));


--
-- Name: payment_file_mapping_name_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX payment_file_mapping_name_once ON public.transactions_paymentfilemapping USING btree (upper((name)::text));


--
-- Name: payment_method_name_once; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX payment_method_name_once ON public.transactions_paymentmethod USING btree (upper((name)::text));


--
-- Name: payment_reference_once_per_method; Type: INDEX; Schema: public; Owner: -
--

CREATE UNIQUE INDEX payment_reference_once_per_method ON public.transactions_transaction USING btree (payment_method_id, reference, part) WHERE (NOT ((reference)::text = ''::text));


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
-- Name: transaction_by_currency; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_by_currency ON public.transactions_transaction USING btree (currency, date, id);


--
-- Name: transaction_by_date; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_by_date ON public.transactions_transaction USING btree (date, id);


--
-- Name: transaction_by_label; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_by_label ON public.transactions_transaction USING btree (client_number);


--
-- Name: transaction_by_method; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_by_method ON public.transactions_transaction USING btree (payment_method_id, date, id);


--
-- Name: transaction_by_reference; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_by_reference ON public.transactions_transaction USING btree (upper((reference)::text) text_pattern_ops);


--
-- Name: transaction_of_client; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_of_client ON public.transactions_transaction USING btree (client_id, date DESC, id DESC);


--
-- Name: transaction_of_invoice; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_of_invoice ON public.transactions_transaction USING btree (invoice_id, id) WHERE (invoice_id IS NOT NULL);


--
-- Name: transaction_out; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_out ON public.transactions_transaction USING btree (date, id) WHERE (amount_out > (0)::numeric);


--
-- Name: transaction_parts; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_parts ON public.transactions_transaction USING btree (part_of_id) WHERE (part_of_id IS NOT NULL);


--
-- Name: transaction_refunds; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_refunds ON public.transactions_transaction USING btree (refund_of_id) WHERE (refund_of_id IS NOT NULL);


--
-- Name: transaction_unattached; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transaction_unattached ON public.transactions_transaction USING btree (date, id) WHERE (client_number IS NULL);


--
-- Name: transactions_paymentfile_mapping_id_edd0abe8; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transactions_paymentfile_mapping_id_edd0abe8 ON public.transactions_paymentfile USING btree (mapping_id);


--
-- Name: transactions_paymentfile_uploaded_by_id_16c0b983; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transactions_paymentfile_uploaded_by_id_16c0b983 ON public.transactions_paymentfile USING btree (uploaded_by_id);


--
-- Name: transactions_paymentfilemapping_payment_method_id_9e8089d7; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transactions_paymentfilemapping_payment_method_id_9e8089d7 ON public.transactions_paymentfilemapping USING btree (payment_method_id);


--
-- Name: transactions_transaction_created_by_id_8e7e5eaa; Type: INDEX; Schema: public; Owner: -
--

CREATE INDEX transactions_transaction_created_by_id_8e7e5eaa ON public.transactions_transaction USING btree (created_by_id);


--
-- Name: transactions_transaction pgtrigger_amounts_frozen_d4c8e; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_amounts_frozen_d4c8e BEFORE UPDATE ON public.transactions_transaction FOR EACH ROW WHEN (((((old.currency)::text IS DISTINCT FROM (new.currency)::text) OR (old.amount_in IS DISTINCT FROM new.amount_in) OR (old.fees IS DISTINCT FROM new.fees) OR (old.amount_out IS DISTINCT FROM new.amount_out) OR (old.refund_of_id IS DISTINCT FROM new.refund_of_id) OR (old.part_of_id IS DISTINCT FROM new.part_of_id) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR (old.date IS DISTINCT FROM new.date) OR ((old.description)::text IS DISTINCT FROM (new.description)::text)) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_amounts_frozen_d4c8e();


--
-- Name: TRIGGER pgtrigger_amounts_frozen_d4c8e ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_amounts_frozen_d4c8e ON public.transactions_transaction IS 'f62bea74347c40d0782879805b70251ef944f6d0';


--
-- Name: credits_creditentry pgtrigger_append_only_1a262; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_append_only_1a262 BEFORE UPDATE ON public.credits_creditentry FOR EACH ROW WHEN ((((old.grant_id IS DISTINCT FROM new.grant_id) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.currency)::text IS DISTINCT FROM (new.currency)::text) OR (old.amount IS DISTINCT FROM new.amount) OR (old.invoice_id IS DISTINCT FROM new.invoice_id) OR (old.reverses_id IS DISTINCT FROM new.reverses_id) OR (old.batch IS DISTINCT FROM new.batch) OR ((old.description)::text IS DISTINCT FROM (new.description)::text) OR ((old.actor_name)::text IS DISTINCT FROM (new.actor_name)::text) OR (old.at IS DISTINCT FROM new.at)) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_append_only_1a262();


--
-- Name: TRIGGER pgtrigger_append_only_1a262 ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_append_only_1a262 ON public.credits_creditentry IS '06dfc87f737d5314b54a3b730e1fa11c86d22dc4';


--
-- Name: invoices_invoice pgtrigger_cancelled_for_good_f6cef; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_cancelled_for_good_f6cef BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.status)::text = 'cancelled'::text) AND ((new.status)::text <> 'cancelled'::text))) EXECUTE FUNCTION public.pgtrigger_cancelled_for_good_f6cef();


--
-- Name: TRIGGER pgtrigger_cancelled_for_good_f6cef ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_cancelled_for_good_f6cef ON public.invoices_invoice IS '3345bd317ed0214e02415879304bc89cb8bb5767';


--
-- Name: invoices_creditnote pgtrigger_credits_on_delete_90994; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_credits_on_delete_90994 AFTER DELETE ON public.invoices_creditnote REFERENCING OLD TABLE AS old_notes FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_credits_on_delete_90994();


--
-- Name: TRIGGER pgtrigger_credits_on_delete_90994 ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_credits_on_delete_90994 ON public.invoices_creditnote IS '75a3f9e6255a2040135888bb7512debbca593596';


--
-- Name: invoices_creditnote pgtrigger_credits_on_insert_5ed32; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_credits_on_insert_5ed32 AFTER INSERT ON public.invoices_creditnote REFERENCING NEW TABLE AS new_notes FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_credits_on_insert_5ed32();


--
-- Name: TRIGGER pgtrigger_credits_on_insert_5ed32 ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_credits_on_insert_5ed32 ON public.invoices_creditnote IS 'd5c63b254d2737b86e778668a60d8b03ac812068';


--
-- Name: credits_creditgrant pgtrigger_given_once_60e0b; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_given_once_60e0b BEFORE UPDATE ON public.credits_creditgrant FOR EACH ROW WHEN (((((old.currency)::text IS DISTINCT FROM (new.currency)::text) OR (old.amount IS DISTINCT FROM new.amount) OR ((old.kind)::text IS DISTINCT FROM (new.kind)::text) OR ((old.category)::text IS DISTINCT FROM (new.category)::text) OR (old.created_at IS DISTINCT FROM new.created_at)) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_given_once_60e0b();


--
-- Name: TRIGGER pgtrigger_given_once_60e0b ON credits_creditgrant; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_given_once_60e0b ON public.credits_creditgrant IS '14ac7b676662efd84f8613f85fafda5b0b32fe15';


--
-- Name: invoices_invoiceline pgtrigger_issued_at_once_b17b0; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_at_once_b17b0 AFTER INSERT ON public.invoices_invoiceline REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_issued_at_once_b17b0();


--
-- Name: TRIGGER pgtrigger_issued_at_once_b17b0 ON invoices_invoiceline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_at_once_b17b0 ON public.invoices_invoiceline IS '2c1b3481598091f71a9a40a9207a8daf3d07bc6d';


--
-- Name: invoices_creditnoteline pgtrigger_issued_frozen_3deb6; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_frozen_3deb6 BEFORE UPDATE ON public.invoices_creditnoteline FOR EACH ROW WHEN ((((old.credit_note_id IS DISTINCT FROM new.credit_note_id) OR (old.invoice_line_id IS DISTINCT FROM new.invoice_line_id) OR (old."position" IS DISTINCT FROM new."position") OR ((old.description)::text IS DISTINCT FROM (new.description)::text) OR (old.quantity IS DISTINCT FROM new.quantity) OR (old.tax_rate IS DISTINCT FROM new.tax_rate) OR (old.amount IS DISTINCT FROM new.amount) OR (old.tax IS DISTINCT FROM new.tax)) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_issued_frozen_3deb6();


--
-- Name: TRIGGER pgtrigger_issued_frozen_3deb6 ON invoices_creditnoteline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_frozen_3deb6 ON public.invoices_creditnoteline IS '21b4fb9f037251bcf40c7da82c046de4f630470d';


--
-- Name: invoices_invoice pgtrigger_issued_frozen_b775d; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_frozen_b775d BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.number IS DISTINCT FROM new.number) OR ((old.number_prefix)::text IS DISTINCT FROM (new.number_prefix)::text) OR (old.subtotal IS DISTINCT FROM new.subtotal) OR (old.tax IS DISTINCT FROM new.tax) OR (old.total IS DISTINCT FROM new.total) OR (old.issued_on IS DISTINCT FROM new.issued_on) OR ((old.bill_to_name)::text IS DISTINCT FROM (new.bill_to_name)::text) OR (old.bill_to_address IS DISTINCT FROM new.bill_to_address) OR ((old.bill_to_email)::text IS DISTINCT FROM (new.bill_to_email)::text) OR ((old.bill_to_tax_id)::text IS DISTINCT FROM (new.bill_to_tax_id)::text)) AND (((old.status)::text = 'draft'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_issued_frozen_b775d();


--
-- Name: TRIGGER pgtrigger_issued_frozen_b775d ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_frozen_b775d ON public.invoices_invoice IS '4e495717454940436a1d64a7b5b3d44cedd4a8c5';


--
-- Name: invoices_creditnote pgtrigger_issued_frozen_e5dd6; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_frozen_e5dd6 BEFORE UPDATE ON public.invoices_creditnote FOR EACH ROW WHEN ((((old.invoice_id IS DISTINCT FROM new.invoice_id) OR ((old.number_prefix)::text IS DISTINCT FROM (new.number_prefix)::text) OR (old.number IS DISTINCT FROM new.number) OR (old.issued_on IS DISTINCT FROM new.issued_on) OR ((old.reason)::text IS DISTINCT FROM (new.reason)::text) OR ((old.bill_to_name)::text IS DISTINCT FROM (new.bill_to_name)::text) OR (old.bill_to_address IS DISTINCT FROM new.bill_to_address) OR ((old.bill_to_email)::text IS DISTINCT FROM (new.bill_to_email)::text) OR ((old.bill_to_tax_id)::text IS DISTINCT FROM (new.bill_to_tax_id)::text) OR (old.subtotal IS DISTINCT FROM new.subtotal) OR (old.tax IS DISTINCT FROM new.tax) OR (old.total IS DISTINCT FROM new.total)) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_issued_frozen_e5dd6();


--
-- Name: TRIGGER pgtrigger_issued_frozen_e5dd6 ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_frozen_e5dd6 ON public.invoices_creditnote IS '761872a58ba076a68661db5c4d108b5c43387a9b';


--
-- Name: invoices_invoice pgtrigger_issued_never_deleted_7aae8; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_never_deleted_7aae8 BEFORE DELETE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.status)::text <> 'draft'::text) AND ((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_issued_never_deleted_7aae8();


--
-- Name: TRIGGER pgtrigger_issued_never_deleted_7aae8 ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_never_deleted_7aae8 ON public.invoices_invoice IS '11a71e6a5047a74ab1e85359cab1f33fd1e153f1';


--
-- Name: invoices_invoiceline pgtrigger_issued_unchanged_f0d80; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_unchanged_f0d80 BEFORE UPDATE ON public.invoices_invoiceline FOR EACH ROW WHEN (((old.invoice_id IS DISTINCT FROM new.invoice_id) OR (old.billable_item_id IS DISTINCT FROM new.billable_item_id) OR (old.period IS DISTINCT FROM new.period) OR (old."position" IS DISTINCT FROM new."position") OR ((old.description)::text IS DISTINCT FROM (new.description)::text) OR (old.quantity IS DISTINCT FROM new.quantity) OR (old.unit_price IS DISTINCT FROM new.unit_price) OR (old.tax_rate IS DISTINCT FROM new.tax_rate) OR (old.tax_included IS DISTINCT FROM new.tax_included) OR (old.amount IS DISTINCT FROM new.amount) OR (old.tax IS DISTINCT FROM new.tax))) EXECUTE FUNCTION public.pgtrigger_issued_unchanged_f0d80();


--
-- Name: TRIGGER pgtrigger_issued_unchanged_f0d80 ON invoices_invoiceline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_unchanged_f0d80 ON public.invoices_invoiceline IS '6feaf3844b4607679e2da1ecafcd9dfb48058a4e';


--
-- Name: invoices_invoiceline pgtrigger_issued_undeleted_6f474; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_undeleted_6f474 BEFORE DELETE ON public.invoices_invoiceline FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_issued_undeleted_6f474();


--
-- Name: TRIGGER pgtrigger_issued_undeleted_6f474 ON invoices_invoiceline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_undeleted_6f474 ON public.invoices_invoiceline IS '51de746a8628a1e5ed4bfa79f78316e5f61faade';


--
-- Name: invoices_invoice pgtrigger_issued_with_its_lines_f290f; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_issued_with_its_lines_f290f AFTER UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.status)::text = 'draft'::text) AND ((new.status)::text <> 'draft'::text))) EXECUTE FUNCTION public.pgtrigger_issued_with_its_lines_f290f();


--
-- Name: TRIGGER pgtrigger_issued_with_its_lines_f290f ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_issued_with_its_lines_f290f ON public.invoices_invoice IS 'de4bb9dcff8235c4e5ddc89d6083be37608ee3c5';


--
-- Name: credits_creditentry pgtrigger_keep_sums_on_delete_61031; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_keep_sums_on_delete_61031 AFTER DELETE ON public.credits_creditentry REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_keep_sums_on_delete_61031();


--
-- Name: TRIGGER pgtrigger_keep_sums_on_delete_61031 ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_keep_sums_on_delete_61031 ON public.credits_creditentry IS '90398e8c132adb507b7052b7598681d61b11c246';


--
-- Name: credits_creditentry pgtrigger_keep_sums_on_insert_ff054; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_keep_sums_on_insert_ff054 AFTER INSERT ON public.credits_creditentry REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_keep_sums_on_insert_ff054();


--
-- Name: TRIGGER pgtrigger_keep_sums_on_insert_ff054 ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_keep_sums_on_insert_ff054 ON public.credits_creditentry IS '7e8a5682aa44538b63cc4834ab602be8141bb62c';


--
-- Name: credits_creditentry pgtrigger_keep_sums_on_update_b4af7; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_keep_sums_on_update_b4af7 AFTER UPDATE ON public.credits_creditentry REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_keep_sums_on_update_b4af7();


--
-- Name: TRIGGER pgtrigger_keep_sums_on_update_b4af7 ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_keep_sums_on_update_b4af7 ON public.credits_creditentry IS 'a2afe7026d6f711003ae89258442203953c4c2bb';


--
-- Name: clients_client pgtrigger_keeps_its_number_94fbd; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_keeps_its_number_94fbd BEFORE UPDATE ON public.clients_client FOR EACH ROW WHEN (((old.number IS DISTINCT FROM new.number) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_keeps_its_number_94fbd();


--
-- Name: TRIGGER pgtrigger_keeps_its_number_94fbd ON clients_client; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_keeps_its_number_94fbd ON public.clients_client IS 'e00c4713c344bec5e79f4f97b20adf770afb49da';


--
-- Name: transactions_transaction pgtrigger_label_stays_c7ea6; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_label_stays_c7ea6 BEFORE UPDATE ON public.transactions_transaction FOR EACH ROW WHEN ((((old.client_number IS DISTINCT FROM new.client_number) OR ((old.client_name)::text IS DISTINCT FROM (new.client_name)::text) OR ((old.reference)::text IS DISTINCT FROM (new.reference)::text) OR (old.payment_method_id IS DISTINCT FROM new.payment_method_id) OR (old.part IS DISTINCT FROM new.part)) AND ((old.client_number IS NULL) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_label_stays_c7ea6();


--
-- Name: TRIGGER pgtrigger_label_stays_c7ea6 ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_label_stays_c7ea6 ON public.transactions_transaction IS '698365275a2bb9fcad4de58e37eb417e73807da2';


--
-- Name: credits_creditaccount pgtrigger_ledger_moves_95114; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_ledger_moves_95114 BEFORE UPDATE ON public.credits_creditaccount FOR EACH ROW WHEN (((old.balance IS DISTINCT FROM new.balance) AND (pg_trigger_depth() = 0))) EXECUTE FUNCTION public.pgtrigger_ledger_moves_95114();


--
-- Name: TRIGGER pgtrigger_ledger_moves_95114 ON credits_creditaccount; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_ledger_moves_95114 ON public.credits_creditaccount IS '32fcf6cf7fd31c618761538fdecff53940e7165a';


--
-- Name: credits_creditgrant pgtrigger_ledger_moves_dfb4d; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_ledger_moves_dfb4d BEFORE UPDATE ON public.credits_creditgrant FOR EACH ROW WHEN (((old.remaining IS DISTINCT FROM new.remaining) AND (pg_trigger_depth() = 0))) EXECUTE FUNCTION public.pgtrigger_ledger_moves_dfb4d();


--
-- Name: TRIGGER pgtrigger_ledger_moves_dfb4d ON credits_creditgrant; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_ledger_moves_dfb4d ON public.credits_creditgrant IS 'b40a1271a7708d9411029083470cdc38d2b6daf8';


--
-- Name: credits_creditgrant pgtrigger_ledger_start_3bc94; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_ledger_start_3bc94 BEFORE INSERT ON public.credits_creditgrant FOR EACH ROW WHEN ((new.remaining <> (0)::numeric)) EXECUTE FUNCTION public.pgtrigger_ledger_start_3bc94();


--
-- Name: TRIGGER pgtrigger_ledger_start_3bc94 ON credits_creditgrant; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_ledger_start_3bc94 ON public.credits_creditgrant IS '8a2db7e09ed891d8f6460849f1d29ba30c59cc98';


--
-- Name: credits_creditaccount pgtrigger_ledger_start_cacda; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_ledger_start_cacda BEFORE INSERT ON public.credits_creditaccount FOR EACH ROW WHEN ((new.balance <> (0)::numeric)) EXECUTE FUNCTION public.pgtrigger_ledger_start_cacda();


--
-- Name: TRIGGER pgtrigger_ledger_start_cacda ON credits_creditaccount; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_ledger_start_cacda ON public.credits_creditaccount IS 'b704eeb8a78037b3c9076acbccf66f9ad1772aa3';


--
-- Name: invoices_invoice pgtrigger_never_a_draft_again_aaa1f; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_a_draft_again_aaa1f BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.status)::text <> 'draft'::text) AND ((new.status)::text = 'draft'::text))) EXECUTE FUNCTION public.pgtrigger_never_a_draft_again_aaa1f();


--
-- Name: TRIGGER pgtrigger_never_a_draft_again_aaa1f ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_a_draft_again_aaa1f ON public.invoices_invoice IS '6759d1f06596defc00f3ca557907850edef5224a';


--
-- Name: transactions_transaction pgtrigger_never_deleted_15749; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_deleted_15749 BEFORE DELETE ON public.transactions_transaction FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_never_deleted_15749();


--
-- Name: TRIGGER pgtrigger_never_deleted_15749 ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_deleted_15749 ON public.transactions_transaction IS 'f96ef547aa101ff7120f924cd56fdf6847b32b43';


--
-- Name: invoices_creditnoteline pgtrigger_never_deleted_4444c; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_deleted_4444c BEFORE DELETE ON public.invoices_creditnoteline FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_never_deleted_4444c();


--
-- Name: TRIGGER pgtrigger_never_deleted_4444c ON invoices_creditnoteline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_deleted_4444c ON public.invoices_creditnoteline IS '2e4b31e482520041e666efd845b71f01d5cc06f8';


--
-- Name: credits_creditgrant pgtrigger_never_deleted_95f4d; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_deleted_95f4d BEFORE DELETE ON public.credits_creditgrant FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_never_deleted_95f4d();


--
-- Name: TRIGGER pgtrigger_never_deleted_95f4d ON credits_creditgrant; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_deleted_95f4d ON public.credits_creditgrant IS '53b0fe5efbeba716ade26b64f66a4aa5825e24e4';


--
-- Name: credits_creditentry pgtrigger_never_deleted_df4bd; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_deleted_df4bd BEFORE DELETE ON public.credits_creditentry FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_never_deleted_df4bd();


--
-- Name: TRIGGER pgtrigger_never_deleted_df4bd ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_deleted_df4bd ON public.credits_creditentry IS '34ddfed2de68b7778a6cbc12fb3418ae1a949101';


--
-- Name: invoices_creditnote pgtrigger_never_deleted_f8aaa; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_never_deleted_f8aaa BEFORE DELETE ON public.invoices_creditnote FOR EACH ROW WHEN (((current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) IS NOT TRUE)) EXECUTE FUNCTION public.pgtrigger_never_deleted_f8aaa();


--
-- Name: TRIGGER pgtrigger_never_deleted_f8aaa ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_never_deleted_f8aaa ON public.invoices_creditnote IS 'dfc0c6140c581a192d620f1691f6e04c55e70559';


--
-- Name: invoices_creditnoteline pgtrigger_no_more_than_billed_30efd; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_no_more_than_billed_30efd AFTER INSERT ON public.invoices_creditnoteline REFERENCING NEW TABLE AS new_lines FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_no_more_than_billed_30efd();


--
-- Name: TRIGGER pgtrigger_no_more_than_billed_30efd ON invoices_creditnoteline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_no_more_than_billed_30efd ON public.invoices_creditnoteline IS 'c384c8b2dc181665202255f35d8a36058a7f7a45';


--
-- Name: clients_activity pgtrigger_note_stays_14cad; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_note_stays_14cad BEFORE UPDATE ON public.clients_activity FOR EACH ROW WHEN (((old.note IS DISTINCT FROM new.note) AND (((new.note = ''::text) AND (current_setting('billing_admin.maintenance'::text, true) = 'delete'::text)) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_note_stays_14cad();


--
-- Name: TRIGGER pgtrigger_note_stays_14cad ON clients_activity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_note_stays_14cad ON public.clients_activity IS '4dddb6612d4502be9bf9c8f285039d1ce51252a2';


--
-- Name: transactions_transaction pgtrigger_note_stays_35a1e; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_note_stays_35a1e BEFORE UPDATE ON public.transactions_transaction FOR EACH ROW WHEN (((old.note IS DISTINCT FROM new.note) AND (((new.note = ''::text) AND (current_setting('billing_admin.maintenance'::text, true) = 'delete'::text)) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_note_stays_35a1e();


--
-- Name: TRIGGER pgtrigger_note_stays_35a1e ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_note_stays_35a1e ON public.transactions_transaction IS '88b9b5e29b5416f729aa113025a8872ed57835e0';


--
-- Name: credits_creditentry pgtrigger_note_stays_f4826; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_note_stays_f4826 BEFORE UPDATE ON public.credits_creditentry FOR EACH ROW WHEN (((old.note IS DISTINCT FROM new.note) AND (((new.note = ''::text) AND (current_setting('billing_admin.maintenance'::text, true) = 'delete'::text)) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_note_stays_f4826();


--
-- Name: TRIGGER pgtrigger_note_stays_f4826 ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_note_stays_f4826 ON public.credits_creditentry IS '6058916c8f799ec7ddfba62d3c7978c9ca176963';


--
-- Name: clients_client pgtrigger_number_never_given_twice_e6b1e; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_number_never_given_twice_e6b1e AFTER INSERT ON public.clients_client REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_number_never_given_twice_e6b1e();


--
-- Name: TRIGGER pgtrigger_number_never_given_twice_e6b1e ON clients_client; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_number_never_given_twice_e6b1e ON public.clients_client IS '5c84e92ba530ae3ae037eb7b43b4f943be8112c3';


--
-- Name: invoices_billableitem pgtrigger_one_currency_0e566; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_0e566 BEFORE UPDATE ON public.invoices_billableitem FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_0e566();


--
-- Name: TRIGGER pgtrigger_one_currency_0e566 ON invoices_billableitem; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_0e566 ON public.invoices_billableitem IS 'ebfc2ffce3d578937a634fac82600eb085acc116';


--
-- Name: invoices_creditnoteline pgtrigger_one_currency_77a94; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_77a94 BEFORE UPDATE ON public.invoices_creditnoteline FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_77a94();


--
-- Name: TRIGGER pgtrigger_one_currency_77a94 ON invoices_creditnoteline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_77a94 ON public.invoices_creditnoteline IS 'b60101b0656f548a580da1ddd968c84e876482fa';


--
-- Name: invoices_creditnote pgtrigger_one_currency_8754e; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_8754e BEFORE UPDATE ON public.invoices_creditnote FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_8754e();


--
-- Name: TRIGGER pgtrigger_one_currency_8754e ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_8754e ON public.invoices_creditnote IS 'c261688502ebb4713f2bd3b2924446f137e7e7b8';


--
-- Name: credits_creditaccount pgtrigger_one_currency_8fa7a; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_8fa7a BEFORE UPDATE ON public.credits_creditaccount FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_8fa7a();


--
-- Name: TRIGGER pgtrigger_one_currency_8fa7a ON credits_creditaccount; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_8fa7a ON public.credits_creditaccount IS 'da278af0cf878ec772f0fe7a07b34e0cc19b44e0';


--
-- Name: invoices_invoice pgtrigger_one_currency_a006d; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_a006d BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_a006d();


--
-- Name: TRIGGER pgtrigger_one_currency_a006d ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_a006d ON public.invoices_invoice IS '58bbc57f9d2d811fd2bd3e16388752b12cce13ba';


--
-- Name: invoices_invoiceline pgtrigger_one_currency_c13c7; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_one_currency_c13c7 BEFORE UPDATE ON public.invoices_invoiceline FOR EACH ROW WHEN ((((old.currency)::text IS DISTINCT FROM (new.currency)::text) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_one_currency_c13c7();


--
-- Name: TRIGGER pgtrigger_one_currency_c13c7 ON invoices_invoiceline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_one_currency_c13c7 ON public.invoices_invoiceline IS '1cca725bf23057f9de3c49cb90f197677f218201';


--
-- Name: transactions_transaction pgtrigger_refunded_within_0df95; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_refunded_within_0df95 AFTER INSERT ON public.transactions_transaction REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_refunded_within_0df95();


--
-- Name: TRIGGER pgtrigger_refunded_within_0df95 ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_refunded_within_0df95 ON public.transactions_transaction IS 'c2fd0c24555e79b2a518fabfe4c2ca2845a73b79';


--
-- Name: invoices_invoice pgtrigger_settlement_moves_27356; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_settlement_moves_27356 BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN ((((old.credit_applied IS DISTINCT FROM new.credit_applied) OR (old.amount_paid IS DISTINCT FROM new.amount_paid) OR (old.amount_credited IS DISTINCT FROM new.amount_credited)) AND (pg_trigger_depth() = 0))) EXECUTE FUNCTION public.pgtrigger_settlement_moves_27356();


--
-- Name: TRIGGER pgtrigger_settlement_moves_27356 ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_settlement_moves_27356 ON public.invoices_invoice IS '779388f25a55e2a27d44cedc7ecefcadfed41c4f';


--
-- Name: invoices_invoice pgtrigger_settlement_start_74b95; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_settlement_start_74b95 BEFORE INSERT ON public.invoices_invoice FOR EACH ROW WHEN (((new.credit_applied <> (0)::numeric) OR (new.amount_paid <> (0)::numeric) OR (new.amount_credited <> (0)::numeric))) EXECUTE FUNCTION public.pgtrigger_settlement_start_74b95();


--
-- Name: TRIGGER pgtrigger_settlement_start_74b95 ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_settlement_start_74b95 ON public.invoices_invoice IS 'f4f42d1f7b050ecbb028fbfc205572d7392d0653';


--
-- Name: transactions_transaction pgtrigger_settles_on_delete_f206c; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_settles_on_delete_f206c AFTER DELETE ON public.transactions_transaction REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_settles_on_delete_f206c();


--
-- Name: TRIGGER pgtrigger_settles_on_delete_f206c ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_settles_on_delete_f206c ON public.transactions_transaction IS 'e7f04dd1575cd3993365298c2cc6d871a2b06f60';


--
-- Name: transactions_transaction pgtrigger_settles_on_insert_4592a; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_settles_on_insert_4592a AFTER INSERT ON public.transactions_transaction REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_settles_on_insert_4592a();


--
-- Name: TRIGGER pgtrigger_settles_on_insert_4592a ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_settles_on_insert_4592a ON public.transactions_transaction IS 'bfeb53ca69b62ea3d39f8c863aec46c3350bde32';


--
-- Name: transactions_transaction pgtrigger_settles_on_update_a3a87; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_settles_on_update_a3a87 AFTER UPDATE ON public.transactions_transaction REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.pgtrigger_settles_on_update_a3a87();


--
-- Name: TRIGGER pgtrigger_settles_on_update_a3a87 ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_settles_on_update_a3a87 ON public.transactions_transaction IS '03d6c4089b44934971512f923eebc937b7c745f1';


--
-- Name: invoices_creditnote pgtrigger_stays_with_client_19502; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_19502 BEFORE UPDATE ON public.invoices_creditnote FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_19502();


--
-- Name: TRIGGER pgtrigger_stays_with_client_19502 ON invoices_creditnote; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_19502 ON public.invoices_creditnote IS 'fa9bb75628cb376f8210837832505f8a0d427c2f';


--
-- Name: credits_creditentry pgtrigger_stays_with_client_3b0cf; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_3b0cf BEFORE UPDATE ON public.credits_creditentry FOR EACH ROW WHEN ((((old.client_id IS DISTINCT FROM new.client_id) OR (old.account_id IS DISTINCT FROM new.account_id)) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_3b0cf();


--
-- Name: TRIGGER pgtrigger_stays_with_client_3b0cf ON credits_creditentry; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_3b0cf ON public.credits_creditentry IS 'ce81f31fbfd60b755c1f9b9752b718ee0bee8bd9';


--
-- Name: transactions_transaction pgtrigger_stays_with_client_4eeee; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_4eeee BEFORE UPDATE ON public.transactions_transaction FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND (((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) OR (current_setting('billing_admin.maintenance'::text, true) = 'delete'::text) OR (old.client_number IS NULL)) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_4eeee();


--
-- Name: TRIGGER pgtrigger_stays_with_client_4eeee ON transactions_transaction; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_4eeee ON public.transactions_transaction IS '2e9f0a38989fe050f93a25518ecabb2c7a2cc8db';


--
-- Name: credits_creditgrant pgtrigger_stays_with_client_50231; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_50231 BEFORE UPDATE ON public.credits_creditgrant FOR EACH ROW WHEN ((((old.client_id IS DISTINCT FROM new.client_id) OR (old.account_id IS DISTINCT FROM new.account_id)) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_50231();


--
-- Name: TRIGGER pgtrigger_stays_with_client_50231 ON credits_creditgrant; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_50231 ON public.credits_creditgrant IS 'e5b722524d7a0d0b1fd05180ed6fc68df0565628';


--
-- Name: credits_creditaccount pgtrigger_stays_with_client_7066f; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_7066f BEFORE UPDATE ON public.credits_creditaccount FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_7066f();


--
-- Name: TRIGGER pgtrigger_stays_with_client_7066f ON credits_creditaccount; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_7066f ON public.credits_creditaccount IS '319ddfee4589b21e7dc288206efde09f4260a50f';


--
-- Name: invoices_creditnoteline pgtrigger_stays_with_client_d949b; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_d949b BEFORE UPDATE ON public.invoices_creditnoteline FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_d949b();


--
-- Name: TRIGGER pgtrigger_stays_with_client_d949b ON invoices_creditnoteline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_d949b ON public.invoices_creditnoteline IS '00b0d67566574199f024f06528ddaa0f287e2e56';


--
-- Name: invoices_invoiceline pgtrigger_stays_with_client_db83d; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_db83d BEFORE UPDATE ON public.invoices_invoiceline FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_db83d();


--
-- Name: TRIGGER pgtrigger_stays_with_client_db83d ON invoices_invoiceline; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_db83d ON public.invoices_invoiceline IS '192c8061032bed827cf3128e9c429f146bee789b';


--
-- Name: invoices_invoice pgtrigger_stays_with_client_eef84; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_stays_with_client_eef84 BEFORE UPDATE ON public.invoices_invoice FOR EACH ROW WHEN (((old.client_id IS DISTINCT FROM new.client_id) AND ((current_setting('billing_admin.maintenance'::text, true) = 'merge'::text) IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_stays_with_client_eef84();


--
-- Name: TRIGGER pgtrigger_stays_with_client_eef84 ON invoices_invoice; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_stays_with_client_eef84 ON public.invoices_invoice IS 'e11b3f6d1e5b9f476ae6c756f0849c349b369265';


--
-- Name: clients_activity pgtrigger_summary_stays_49648; Type: TRIGGER; Schema: public; Owner: -
--

CREATE TRIGGER pgtrigger_summary_stays_49648 BEFORE UPDATE ON public.clients_activity FOR EACH ROW WHEN (((old.summary IS DISTINCT FROM new.summary) AND (false IS NOT TRUE))) EXECUTE FUNCTION public.pgtrigger_summary_stays_49648();


--
-- Name: TRIGGER pgtrigger_summary_stays_49648 ON clients_activity; Type: COMMENT; Schema: public; Owner: -
--

COMMENT ON TRIGGER pgtrigger_summary_stays_49648 ON public.clients_activity IS '6704550cfcc13f2e320919dafa2e97b55a6660ae';


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
-- Name: auth_user_groups auth_user_groups_group_id_97559544_fk_auth_group_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_group_id_97559544_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_groups auth_user_groups_user_id_6a12ed8b_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_groups
    ADD CONSTRAINT auth_user_groups_user_id_6a12ed8b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_user_permissions auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permi_permission_id_1fbb5f2c_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: auth_user_user_permissions auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.auth_user_user_permissions
    ADD CONSTRAINT auth_user_user_permissions_user_id_a95ead1b_fk_auth_user_id FOREIGN KEY (user_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: billing_admin_job billing_admin_job_asked_by_id_14e7bf19_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.billing_admin_job
    ADD CONSTRAINT billing_admin_job_asked_by_id_14e7bf19_fk_auth_user_id FOREIGN KEY (asked_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_activity clients_activity_actor_id_175b67bf_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_activity
    ADD CONSTRAINT clients_activity_actor_id_175b67bf_fk_auth_user_id FOREIGN KEY (actor_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_activity clients_activity_client_id_aa1f7bb0_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_activity
    ADD CONSTRAINT clients_activity_client_id_aa1f7bb0_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_client clients_client_group_id_9715e165_fk_clients_clientgroup_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_client
    ADD CONSTRAINT clients_client_group_id_9715e165_fk_clients_clientgroup_id FOREIGN KEY (group_id) REFERENCES public.clients_clientgroup(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientdeletion clients_clientdeletion_deleted_by_id_c73ff169_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientdeletion
    ADD CONSTRAINT clients_clientdeletion_deleted_by_id_c73ff169_fk_auth_user_id FOREIGN KEY (deleted_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientmerge clients_clientmerge_kept_id_47ba3196_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientmerge
    ADD CONSTRAINT clients_clientmerge_kept_id_47ba3196_fk_clients_client_id FOREIGN KEY (kept_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientmerge clients_clientmerge_merged_by_id_af56375f_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientmerge
    ADD CONSTRAINT clients_clientmerge_merged_by_id_af56375f_fk_auth_user_id FOREIGN KEY (merged_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientnote clients_clientnote_author_id_68f0e89c_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnote
    ADD CONSTRAINT clients_clientnote_author_id_68f0e89c_fk_auth_user_id FOREIGN KEY (author_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientnote clients_clientnote_client_id_78fc249e_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnote
    ADD CONSTRAINT clients_clientnote_client_id_78fc249e_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_clientnumberalias clients_clientnumber_client_id_d7f8a490_fk_clients_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_clientnumberalias
    ADD CONSTRAINT clients_clientnumber_client_id_d7f8a490_fk_clients_c FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_contact clients_contact_client_id_77862ce8_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_contact
    ADD CONSTRAINT clients_contact_client_id_77862ce8_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_formkey clients_formkey_client_id_f48f6884_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_formkey
    ADD CONSTRAINT clients_formkey_client_id_f48f6884_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_formkey clients_formkey_person_id_f8e6c593_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_formkey
    ADD CONSTRAINT clients_formkey_person_id_f8e6c593_fk_auth_user_id FOREIGN KEY (person_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_mergedrows clients_mergedrows_merge_id_3a94dc9e_fk_clients_clientmerge_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_mergedrows
    ADD CONSTRAINT clients_mergedrows_merge_id_3a94dc9e_fk_clients_clientmerge_id FOREIGN KEY (merge_id) REFERENCES public.clients_clientmerge(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_notaduplicate clients_notaduplicate_decided_by_id_4d1223c7_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_notaduplicate
    ADD CONSTRAINT clients_notaduplicate_decided_by_id_4d1223c7_fk_auth_user_id FOREIGN KEY (decided_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_notaduplicate clients_notaduplicate_first_id_f3455a10_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_notaduplicate
    ADD CONSTRAINT clients_notaduplicate_first_id_f3455a10_fk_clients_client_id FOREIGN KEY (first_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: clients_notaduplicate clients_notaduplicate_second_id_30942f7b_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.clients_notaduplicate
    ADD CONSTRAINT clients_notaduplicate_second_id_30942f7b_fk_clients_client_id FOREIGN KEY (second_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditaccount credits_creditaccount_client_id_b0104656_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditaccount
    ADD CONSTRAINT credits_creditaccount_client_id_b0104656_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditbatch credits_creditbatch_created_by_id_160d2831_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditbatch
    ADD CONSTRAINT credits_creditbatch_created_by_id_160d2831_fk_auth_user_id FOREIGN KEY (created_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditbatchrow credits_creditbatchr_batch_id_985bf614_fk_credits_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditbatchrow
    ADD CONSTRAINT credits_creditbatchr_batch_id_985bf614_fk_credits_c FOREIGN KEY (batch_id) REFERENCES public.credits_creditbatch(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_account_id_a812505a_fk_credits_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_account_id_a812505a_fk_credits_c FOREIGN KEY (account_id) REFERENCES public.credits_creditaccount(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_actor_id_d2ee70e4_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_actor_id_d2ee70e4_fk_auth_user_id FOREIGN KEY (actor_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_client_id_34dfa540_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_client_id_34dfa540_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_grant_id_afa09c6b_fk_credits_creditgrant_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_grant_id_afa09c6b_fk_credits_creditgrant_id FOREIGN KEY (grant_id) REFERENCES public.credits_creditgrant(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_invoice_id_389d20e8_fk_invoices_invoice_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_invoice_id_389d20e8_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditentry credits_creditentry_reverses_id_c0479a3b_fk_credits_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditentry
    ADD CONSTRAINT credits_creditentry_reverses_id_c0479a3b_fk_credits_c FOREIGN KEY (reverses_id) REFERENCES public.credits_creditentry(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditgrant credits_creditgrant_account_id_7fb96e8c_fk_credits_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditgrant
    ADD CONSTRAINT credits_creditgrant_account_id_7fb96e8c_fk_credits_c FOREIGN KEY (account_id) REFERENCES public.credits_creditaccount(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditgrant credits_creditgrant_client_id_111c456b_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditgrant
    ADD CONSTRAINT credits_creditgrant_client_id_111c456b_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditgrant credits_creditgrant_created_by_id_0d2ddc46_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditgrant
    ADD CONSTRAINT credits_creditgrant_created_by_id_0d2ddc46_fk_auth_user_id FOREIGN KEY (created_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_creditgrant credits_creditgrant_transaction_id_9b7a05fc_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_creditgrant
    ADD CONSTRAINT credits_creditgrant_transaction_id_9b7a05fc_fk_transacti FOREIGN KEY (transaction_id) REFERENCES public.transactions_transaction(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: credits_ledgerfinding credits_ledgerfindin_check_run_id_b0eca9bc_fk_credits_l; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.credits_ledgerfinding
    ADD CONSTRAINT credits_ledgerfindin_check_run_id_b0eca9bc_fk_credits_l FOREIGN KEY (check_run_id) REFERENCES public.credits_ledgercheck(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_billableitem invoices_billableitem_client_id_9a813a10_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_billableitem
    ADD CONSTRAINT invoices_billableitem_client_id_9a813a10_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnote invoices_creditnote_client_id_27a43166_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnote
    ADD CONSTRAINT invoices_creditnote_client_id_27a43166_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnote invoices_creditnote_created_by_id_5c81fe55_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnote
    ADD CONSTRAINT invoices_creditnote_created_by_id_5c81fe55_fk_auth_user_id FOREIGN KEY (created_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnote invoices_creditnote_invoice_id_b5701f76_fk_invoices_invoice_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnote
    ADD CONSTRAINT invoices_creditnote_invoice_id_b5701f76_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnoteline invoices_creditnotel_credit_note_id_40ceb338_fk_invoices_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT invoices_creditnotel_credit_note_id_40ceb338_fk_invoices_ FOREIGN KEY (credit_note_id) REFERENCES public.invoices_creditnote(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnoteline invoices_creditnotel_invoice_line_id_68b96272_fk_invoices_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT invoices_creditnotel_invoice_line_id_68b96272_fk_invoices_ FOREIGN KEY (invoice_line_id) REFERENCES public.invoices_invoiceline(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_creditnoteline invoices_creditnoteline_client_id_b579dcd0_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_creditnoteline
    ADD CONSTRAINT invoices_creditnoteline_client_id_b579dcd0_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_deletednumbers invoices_deletednumb_deletion_id_7b470851_fk_clients_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_deletednumbers
    ADD CONSTRAINT invoices_deletednumb_deletion_id_7b470851_fk_clients_c FOREIGN KEY (deletion_id) REFERENCES public.clients_clientdeletion(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoice invoices_invoice_client_id_b83ca539_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoice
    ADD CONSTRAINT invoices_invoice_client_id_b83ca539_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoice invoices_invoice_created_by_id_9b878bcd_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoice
    ADD CONSTRAINT invoices_invoice_created_by_id_9b878bcd_fk_auth_user_id FOREIGN KEY (created_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoice invoices_invoice_run_id_f6211bdf_fk_invoices_invoicerun_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoice
    ADD CONSTRAINT invoices_invoice_run_id_f6211bdf_fk_invoices_invoicerun_id FOREIGN KEY (run_id) REFERENCES public.invoices_invoicerun(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoiceline invoices_invoiceline_billable_item_id_4d71f487_fk_invoices_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT invoices_invoiceline_billable_item_id_4d71f487_fk_invoices_ FOREIGN KEY (billable_item_id) REFERENCES public.invoices_billableitem(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoiceline invoices_invoiceline_client_id_a081a0bb_fk_clients_client_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT invoices_invoiceline_client_id_a081a0bb_fk_clients_client_id FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoiceline invoices_invoiceline_invoice_id_071a8d97_fk_invoices_invoice_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoiceline
    ADD CONSTRAINT invoices_invoiceline_invoice_id_071a8d97_fk_invoices_invoice_id FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoicerun invoices_invoicerun_started_by_id_0c00da49_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoicerun
    ADD CONSTRAINT invoices_invoicerun_started_by_id_0c00da49_fk_auth_user_id FOREIGN KEY (started_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoicerunerror invoices_invoicerune_client_id_fb2cee62_fk_clients_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoicerunerror
    ADD CONSTRAINT invoices_invoicerune_client_id_fb2cee62_fk_clients_c FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: invoices_invoicerunerror invoices_invoicerune_run_id_f5b8946f_fk_invoices_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.invoices_invoicerunerror
    ADD CONSTRAINT invoices_invoicerune_run_id_f5b8946f_fk_invoices_ FOREIGN KEY (run_id) REFERENCES public.invoices_invoicerun(id) DEFERRABLE INITIALLY DEFERRED;


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
-- Name: transactions_paymentfile transactions_payment_mapping_id_edd0abe8_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentfile
    ADD CONSTRAINT transactions_payment_mapping_id_edd0abe8_fk_transacti FOREIGN KEY (mapping_id) REFERENCES public.transactions_paymentfilemapping(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_paymentfilemapping transactions_payment_payment_method_id_9e8089d7_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentfilemapping
    ADD CONSTRAINT transactions_payment_payment_method_id_9e8089d7_fk_transacti FOREIGN KEY (payment_method_id) REFERENCES public.transactions_paymentmethod(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_paymentfile transactions_payment_uploaded_by_id_16c0b983_fk_auth_user; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_paymentfile
    ADD CONSTRAINT transactions_payment_uploaded_by_id_16c0b983_fk_auth_user FOREIGN KEY (uploaded_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transac_client_id_f77f4aab_fk_clients_c; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transac_client_id_f77f4aab_fk_clients_c FOREIGN KEY (client_id) REFERENCES public.clients_client(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transac_invoice_id_1f822e66_fk_invoices_; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transac_invoice_id_1f822e66_fk_invoices_ FOREIGN KEY (invoice_id) REFERENCES public.invoices_invoice(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transac_part_of_id_74a893b0_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transac_part_of_id_74a893b0_fk_transacti FOREIGN KEY (part_of_id) REFERENCES public.transactions_transaction(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transac_payment_method_id_6d18e334_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transac_payment_method_id_6d18e334_fk_transacti FOREIGN KEY (payment_method_id) REFERENCES public.transactions_paymentmethod(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transac_refund_of_id_f9041ab4_fk_transacti; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transac_refund_of_id_f9041ab4_fk_transacti FOREIGN KEY (refund_of_id) REFERENCES public.transactions_transaction(id) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: transactions_transaction transactions_transaction_created_by_id_8e7e5eaa_fk_auth_user_id; Type: FK CONSTRAINT; Schema: public; Owner: -
--

ALTER TABLE ONLY public.transactions_transaction
    ADD CONSTRAINT transactions_transaction_created_by_id_8e7e5eaa_fk_auth_user_id FOREIGN KEY (created_by_id) REFERENCES public.auth_user(id) DEFERRABLE INITIALLY DEFERRED;


--
-- PostgreSQL database dump complete
--


