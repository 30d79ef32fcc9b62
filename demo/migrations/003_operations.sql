-- What the application does behind the scenes. `finished_at` is set with the final state.
CREATE TABLE email_deliveries (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id     bigint REFERENCES users ON DELETE SET NULL,
  template    text NOT NULL,
  state       text NOT NULL DEFAULT 'queued'
              CHECK (state IN ('queued', 'sending', 'delivered', 'failed')),
  created_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK ((state IN ('delivered', 'failed')) = (finished_at IS NOT NULL))
);

CREATE TABLE background_jobs (
  id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind        text NOT NULL,
  state       text NOT NULL DEFAULT 'queued'
              CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
  attempts    integer NOT NULL DEFAULT 0,
  created_at  timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  CHECK ((state IN ('succeeded', 'failed')) = (finished_at IS NOT NULL))
);

CREATE TABLE blob_uploads (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id    bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  content_item_id bigint REFERENCES content_items ON DELETE SET NULL,
  size_bytes      bigint NOT NULL CHECK (size_bytes >= 0),
  state           text NOT NULL DEFAULT 'pending'
                  CHECK (state IN ('pending', 'uploading', 'stored', 'failed')),
  created_at      timestamptz NOT NULL DEFAULT now(),
  finished_at     timestamptz,
  CHECK ((state IN ('stored', 'failed')) = (finished_at IS NOT NULL))
);
