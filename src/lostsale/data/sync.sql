-- What a server keeps for `lostsale sync`, made by the owner of the database: `sync --init`.
-- Only plain SQL, so that what speaks PostgreSQL's protocol serves as well.

CREATE TABLE IF NOT EXISTS lostsale_schema (version integer PRIMARY KEY);

-- The row of an owner is lock and sequence at once: whoever sends takes it first, so that `seq` rises
-- in the order of commits, and asking for what came after it misses nothing.
CREATE TABLE IF NOT EXISTS lostsale_owners (
    owner text PRIMARY KEY DEFAULT current_user,
    last bigint NOT NULL DEFAULT 0,
    known_by bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS lostsale_entries (
    owner text NOT NULL DEFAULT current_user REFERENCES lostsale_owners,
    uid text NOT NULL CHECK (length(uid) <= 64),
    kind text NOT NULL CHECK (kind IN ('change', 'forgotten')),
    seq bigint NOT NULL,
    mark text NOT NULL CHECK (length(mark) <= 64),
    body bytea NOT NULL,
    PRIMARY KEY (owner, kind, uid)
);
CREATE INDEX IF NOT EXISTS lostsale_entries_seq ON lostsale_entries (owner, seq);

ALTER TABLE lostsale_owners ENABLE ROW LEVEL SECURITY;
ALTER TABLE lostsale_owners FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS lostsale_own ON lostsale_owners;
CREATE POLICY lostsale_own ON lostsale_owners
    USING (owner = current_user) WITH CHECK (owner = current_user);

ALTER TABLE lostsale_entries ENABLE ROW LEVEL SECURITY;
ALTER TABLE lostsale_entries FORCE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS lostsale_own ON lostsale_entries;
CREATE POLICY lostsale_own ON lostsale_entries
    USING (owner = current_user) WITH CHECK (owner = current_user);

-- Whoever may use the database keeps rows of their own, and sees no others.
GRANT SELECT ON lostsale_schema TO PUBLIC;
GRANT SELECT, INSERT, UPDATE ON lostsale_owners TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON lostsale_entries TO PUBLIC;

INSERT INTO lostsale_schema SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM lostsale_schema);
