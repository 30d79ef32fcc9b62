-- The role that Tidegauge samples with: it may connect and read the columns that the shipped gauges
-- need, and nothing else. Run it in the application's database as the owner of its tables, who may
-- create roles, or as a superuser:
--
--   psql -v ON_ERROR_STOP=1 -f demo/role.sql "$DATABASE_URL"
--
-- and give it a password afterwards: \password tidegauge
-- Run it again after a change: of the tables in the schema public, it leaves exactly these rights.
\set ON_ERROR_STOP on
BEGIN;
SELECT 'CREATE ROLE tidegauge NOSUPERUSER NOREPLICATION NOBYPASSRLS'
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'tidegauge') \gexec
ALTER ROLE tidegauge LOGIN NOCREATEDB NOCREATEROLE NOINHERIT CONNECTION LIMIT 5;

-- The sampler sets these in every transaction; here they hold for whoever else uses the role.
ALTER ROLE tidegauge SET default_transaction_read_only = on;
ALTER ROLE tidegauge SET statement_timeout = '10s';
ALTER ROLE tidegauge SET lock_timeout = '1s';
ALTER ROLE tidegauge SET idle_in_transaction_session_timeout = '30s';

SELECT format('GRANT CONNECT ON DATABASE %I TO tidegauge', current_database()) \gexec
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM tidegauge;
GRANT USAGE ON SCHEMA public TO tidegauge;

GRANT SELECT (status, created_at) ON content_items TO tidegauge;
GRANT SELECT (state, entered_at, decided_at) ON approvals TO tidegauge;
GRANT SELECT (created_at) ON comments TO tidegauge;
GRANT SELECT (status, kind, created_at) ON feedback_reports TO tidegauge;
GRANT SELECT (created_at) ON organizations TO tidegauge;
GRANT SELECT (created_at, last_active_at) ON workspaces TO tidegauge;
GRANT SELECT (created_at, expires_at, accepted_at, revoked_at) ON workspace_invites TO tidegauge;
GRANT SELECT (succeeded, attempted_at) ON login_attempts TO tidegauge;
GRANT SELECT (state, created_at, finished_at) ON email_deliveries TO tidegauge;
GRANT SELECT (state, created_at, finished_at) ON background_jobs TO tidegauge;
GRANT SELECT (state, created_at, finished_at) ON blob_uploads TO tidegauge;
COMMIT;
