-- What the application is for: content that is written, reviewed and published.
CREATE TABLE content_items (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id  bigint NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  author_id     bigint NOT NULL REFERENCES users,
  title         text NOT NULL,
  body          text NOT NULL DEFAULT '',
  status        text NOT NULL DEFAULT 'draft'
                CHECK (status IN ('draft', 'in_review', 'approved', 'scheduled', 'published', 'archived')),
  created_at    timestamptz NOT NULL DEFAULT now(),
  updated_at    timestamptz NOT NULL DEFAULT now(),
  scheduled_for timestamptz,
  published_at  timestamptz
);

-- One row each time an item enters approval.
CREATE TABLE approvals (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  content_item_id bigint NOT NULL REFERENCES content_items ON DELETE CASCADE,
  requested_by    bigint NOT NULL REFERENCES users,
  reviewer_id     bigint REFERENCES users,
  state           text NOT NULL DEFAULT 'pending'
                  CHECK (state IN ('pending', 'approved', 'changes_requested')),
  entered_at      timestamptz NOT NULL DEFAULT now(),
  decided_at      timestamptz,
  CHECK ((state = 'pending') = (decided_at IS NULL))
);

CREATE TABLE comments (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  content_item_id bigint NOT NULL REFERENCES content_items ON DELETE CASCADE,
  author_id       bigint NOT NULL REFERENCES users,
  body            text NOT NULL,
  created_at      timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE feedback_reports (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  workspace_id bigint REFERENCES workspaces ON DELETE SET NULL,
  user_id      bigint REFERENCES users ON DELETE SET NULL,
  kind         text NOT NULL CHECK (kind IN ('bug', 'idea', 'question', 'praise')),
  status       text NOT NULL DEFAULT 'new'
               CHECK (status IN ('new', 'triaged', 'in_progress', 'resolved', 'declined')),
  body         text NOT NULL,
  created_at   timestamptz NOT NULL DEFAULT now(),
  closed_at    timestamptz,
  CHECK ((status IN ('resolved', 'declined')) = (closed_at IS NOT NULL))
);
