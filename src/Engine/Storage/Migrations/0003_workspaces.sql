-- The folders a session's sandboxes work in, one after the other. One without a session belongs to a warm sandbox, or becomes a tree.
CREATE TABLE workspaces (
    id         TEXT PRIMARY KEY,
    repository TEXT NOT NULL COLLATE NOCASE,
    session_id TEXT UNIQUE,
    tree_id    TEXT,
    created_at BIGINT NOT NULL
);

-- Prepared trees: a repository cloned and set up, which workspaces start out as. state: building, ready, failed.
CREATE TABLE trees (
    id         TEXT PRIMARY KEY,
    repository TEXT NOT NULL COLLATE NOCASE,
    state      TEXT NOT NULL,
    commit_id  TEXT,
    setup_hash TEXT,
    note       TEXT,
    built_at   BIGINT NOT NULL
);
CREATE INDEX trees_repository ON trees (repository, built_at);

-- A workspace put away: its folders in one file.
CREATE TABLE snapshots (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL,
    session_id   TEXT NOT NULL,
    bytes        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL
);
CREATE INDEX snapshots_workspace ON snapshots (workspace_id, created_at);

-- A sandbox need not belong to a session any more. Those of an earlier version are nobody's now: the reaper ends them.
DROP TABLE sandboxes;
DELETE FROM agent_inputs;
CREATE TABLE sandboxes (
    id                   TEXT PRIMARY KEY,
    workspace_id         TEXT NOT NULL,
    repository           TEXT NOT NULL COLLATE NOCASE,
    session_id           TEXT,
    purpose              TEXT NOT NULL,
    state                TEXT NOT NULL,
    registration_hash    TEXT,
    registration_expires BIGINT NOT NULL,
    token_hash           TEXT,
    agent                TEXT,
    model                TEXT,
    agent_session_id     TEXT,
    agent_process        TEXT,
    agent_ready          INTEGER NOT NULL DEFAULT 0,
    last_output          BIGINT NOT NULL DEFAULT 0,
    last_input           BIGINT NOT NULL DEFAULT 0,
    next_request         BIGINT NOT NULL DEFAULT 1,
    idle_since           BIGINT,
    started_at           BIGINT NOT NULL
);
CREATE INDEX sandboxes_token ON sandboxes (token_hash);
CREATE INDEX sandboxes_live ON sandboxes (session_id) WHERE state = 'live';
