-- What a server keeps for `lostsale team`, made by the owner of the database: `sync --init`.
-- Needs PostgreSQL 14. A rep writes and reads rows of their own; everybody else gets sums of them
-- from lostsale_sums, and from nothing else.

-- Who sees sums by rep. Only the owner of the database writes here: `lostsale team roles`.
CREATE TABLE IF NOT EXISTS lostsale_managers (name text PRIMARY KEY);

-- Makes the same deal of a CRM known again, whoever shares it.
CREATE TABLE IF NOT EXISTS lostsale_team (salt text PRIMARY KEY);
INSERT INTO lostsale_team SELECT gen_random_uuid() WHERE NOT EXISTS (SELECT 1 FROM lostsale_team);

-- The team's own codes of reasons, which its managers keep.
CREATE TABLE IF NOT EXISTS lostsale_codes (
    code text PRIMARY KEY CHECK (length(code) <= 40),
    kind text NOT NULL CHECK (kind IN ('said', 'real')),
    weakness text
);

-- A row a loss. Amounts are in minor units; a month is its number since the year 0. A rep could write
-- anything into their rows: the checks refuse what would break everybody's sums.
CREATE TABLE IF NOT EXISTS lostsale_shared (
    owner text COLLATE "C" NOT NULL DEFAULT current_user,
    uid text COLLATE "C" NOT NULL CHECK (length(uid) <= 64),
    lost_on date NOT NULL,
    amount bigint,
    currency text COLLATE "C" CHECK (currency ~ '^[A-Z]{3}$'),
    product text COLLATE "C" CHECK (length(product) <= 200),
    said_code text COLLATE "C" CHECK (length(said_code) <= 40),
    guess_code text COLLATE "C" CHECK (length(guess_code) <= 40),
    real_code text COLLATE "C" CHECK (length(real_code) <= 40),
    weakness text COLLATE "C" CHECK (length(weakness) <= 40),
    real_source text COLLATE "C" CHECK (real_source IN ('told', 'heard')),
    asked_on date,
    real_on date,
    outcome text COLLATE "C" NOT NULL CHECK (length(outcome) <= 40),
    lost_to text COLLATE "C" CHECK (length(lost_to) <= 200),
    won_on date,
    won_amount bigint,
    won_currency text COLLATE "C" CHECK (won_currency ~ '^[A-Z]{3}$'),
    rested boolean NOT NULL,
    tried integer NOT NULL CHECK (tried BETWEEN 0 AND 1000000),
    again_month integer CHECK (again_month BETWEEN 1900 * 12 AND 9999 * 12),
    shared_at timestamptz NOT NULL DEFAULT current_timestamp,
    counts boolean NOT NULL DEFAULT true, -- not if others have shared that deal of a CRM before
    lost_month integer GENERATED ALWAYS AS (
        extract(year FROM lost_on)::integer * 12 + extract(month FROM lost_on)::integer - 1
    ) STORED,
    won_month integer GENERATED ALWAYS AS (
        extract(year FROM won_on)::integer * 12 + extract(month FROM won_on)::integer - 1
    ) STORED,
    PRIMARY KEY (owner, uid),
    CHECK (
        least(lost_on, asked_on, real_on, won_on) >= '1900-01-01'
        AND greatest(lost_on, asked_on, real_on, won_on) < '9999-01-01'
    )
);
CREATE INDEX IF NOT EXISTS lostsale_shared_uid ON lostsale_shared (uid);
CREATE INDEX IF NOT EXISTS lostsale_shared_copy ON lostsale_shared (owner) WHERE NOT counts;
CREATE INDEX IF NOT EXISTS lostsale_shared_lost ON lostsale_shared (lost_month);
CREATE INDEX IF NOT EXISTS lostsale_shared_won ON lostsale_shared (won_month)
    WHERE won_month IS NOT NULL;
CREATE INDEX IF NOT EXISTS lostsale_shared_again ON lostsale_shared (again_month)
    WHERE again_month IS NOT NULL;

-- Its owner isn't held to this, since lostsale_sums reads all rows as the owner.
ALTER TABLE lostsale_shared ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS lostsale_own ON lostsale_shared;
CREATE POLICY lostsale_own ON lostsale_shared
    USING (owner = current_user) WITH CHECK (owner = current_user);

ALTER TABLE lostsale_codes ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS lostsale_read ON lostsale_codes;
CREATE POLICY lostsale_read ON lostsale_codes FOR SELECT USING (true);
DROP POLICY IF EXISTS lostsale_keep ON lostsale_codes;
CREATE POLICY lostsale_keep ON lostsale_codes
    USING (EXISTS (SELECT 1 FROM lostsale_managers WHERE name = current_user));

GRANT SELECT ON lostsale_managers, lostsale_team TO PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON lostsale_codes TO PUBLIC;
-- Neither whose a row is nor when it was first shared can be written.
GRANT SELECT, DELETE,
    INSERT (
        uid, lost_on, amount, currency, product, said_code, guess_code, real_code, weakness,
        real_source, asked_on, real_on, outcome, lost_to, won_on, won_amount, won_currency, rested,
        tried, again_month
    ),
    UPDATE (
        uid, lost_on, amount, currency, product, said_code, guess_code, real_code, weakness,
        real_source, asked_on, real_on, outcome, lost_to, won_on, won_amount, won_currency, rested,
        tried, again_month
    ) ON lostsale_shared TO PUBLIC;

-- A deal that several share counts for whoever was first. Each sync has that settled for the rows
-- that it sent, and for those of its own that didn't count so far.
CREATE OR REPLACE FUNCTION lostsale_settle(sent text[]) RETURNS void LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
    UPDATE lostsale_shared AS s SET counts = NOT s.counts
    WHERE s.owner = session_user AND (NOT s.counts OR s.uid = ANY (sent)) AND s.counts = EXISTS (
        SELECT 1 FROM lostsale_shared AS o
        WHERE o.uid = s.uid AND (o.shared_at, o.owner) < (s.shared_at, s.owner)
    );
END;

-- The sums of the years first_year to last_year, for whoever is logged in. `cut` says of what:
-- 'lost' (months), 'reason', 'name' (competitors), 'part' (reps or products, as parted_by says),
-- 'won' (months of the wins), 'days' (until the wins), or 'again' (months in which something comes
-- up, of all years).
--
-- Every sum is that of a group: a key, in one year and currency. The groups are always the same
-- ones, whatever is asked for, so that no two answers differ by less than a group. Groups that have
-- fewer than 5 losses of others or, unless a manager asks, those of one other rep alone, become one
-- without a key. If that has fewer than 5 itself, the smallest other group goes with it, or the
-- total would tell; if it still is too small, it is left out. One's own losses fill no group up.
-- This being a function, and no view, nobody can look into it with conditions, functions or plans of
-- their own.
DROP FUNCTION IF EXISTS lostsale_sums;
CREATE FUNCTION lostsale_sums(first_year integer, last_year integer, parted_by text)
RETURNS TABLE (
    cut text, year integer, month integer, said_code text, guess_code text, real_code text,
    weakness text, name text, currency text, won_in text, lost bigint, asked bigint, told bigint,
    heard bigint, guessed bigint, won bigint, amount numeric, won_amount numeric,
    more bigint[]
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET work_mem = '64MB' -- so that nothing is sorted on disk
SET parallel_tuple_cost = 0 -- so that all cores add up
SET jit = off
BEGIN ATOMIC
    WITH viewer AS (
        SELECT session_user::text AS me,
            EXISTS (SELECT 1 FROM lostsale_managers AS m WHERE m.name = session_user) AS manages
    ),
    deals AS NOT MATERIALIZED (
        SELECT s.*, s.lost_month / 12 AS year, s.owner <> (SELECT v.me FROM viewer AS v) AS is_others,
            CASE WHEN (SELECT NOT v.manages FROM viewer AS v)
                AND s.owner <> (SELECT v.me FROM viewer AS v) THEN s.owner
            END AS other, -- whose it is matters to other reps alone
            coalesce(s.won_currency, s.currency) AS won_in,
            CASE WHEN s.won_on IS NOT NULL THEN coalesce(s.won_amount, s.amount) END AS worth,
            CASE parted_by WHEN 'rep' THEN s.owner WHEN 'product' THEN s.product END AS part
        FROM lostsale_shared AS s WHERE s.counts
    ),
    lost AS NOT MATERIALIZED (
        SELECT d.* FROM deals AS d
        WHERE d.lost_month BETWEEN first_year * 12 AND last_year * 12 + 11
    ),
    fine AS ( -- adds up a million rows once, where there are few kinds of them
        SELECT l.year, l.lost_month, l.said_code, l.guess_code, l.real_code, l.weakness, l.currency,
            l.won_in, count(*) AS lost, count(l.asked_on) AS asked,
            count(*) FILTER (WHERE l.real_source = 'told') AS told,
            count(*) FILTER (WHERE l.real_source = 'heard') AS heard,
            count(l.guess_code) FILTER (WHERE l.real_code IS NULL) AS guessed,
            count(l.won_on) AS won, sum(l.amount) AS amount, sum(l.worth) AS won_amount,
            count(*) FILTER (WHERE l.asked_on - l.lost_on <= 3) AS asked_soon,
            count(*) FILTER (WHERE l.real_source = 'told' AND l.real_on - l.lost_on <= 3) AS told_soon,
            count(*) FILTER (WHERE l.rested AND l.won_on IS NULL) AS rested,
            count(*) - count(l.amount) AS without_amount,
            count(*) FILTER (WHERE l.tried > 0) AS tried, sum(l.tried) AS attempts,
            count(l.won_on) FILTER (WHERE l.tried > 0) AS tried_won,
            count(*) FILTER (WHERE l.is_others) AS others,
            min(l.other) AS first_other, max(l.other) AS last_other
        FROM lost AS l
        GROUP BY l.year, l.lost_month, l.said_code, l.guess_code, l.real_code, l.weakness,
            l.currency, l.won_in
    ),
    sums AS (
        SELECT 'lost' AS cut, f.year, f.lost_month AS month, NULL AS said_code, NULL AS guess_code,
            NULL AS real_code, NULL AS weakness, NULL AS name, f.currency, f.won_in,
            sum(f.lost) AS lost, sum(f.asked) AS asked, sum(f.told) AS told, sum(f.heard) AS heard,
            sum(f.guessed) AS guessed, sum(f.won) AS won, sum(f.amount) AS amount,
            sum(f.won_amount) AS won_amount,
            ARRAY[
                sum(f.asked_soon), sum(f.told_soon), sum(f.rested), sum(f.without_amount),
                sum(f.tried), sum(f.attempts), sum(f.tried_won)
            ] AS more,
            sum(f.others) AS others, min(f.first_other) AS first_other, max(f.last_other) AS last_other
        FROM fine AS f GROUP BY f.year, f.lost_month, f.currency, f.won_in
        UNION ALL
        SELECT 'reason', f.year, NULL, f.said_code, f.guess_code, f.real_code, f.weakness, NULL,
            f.currency, f.won_in, sum(f.lost), sum(f.asked), sum(f.told), sum(f.heard),
            sum(f.guessed), sum(f.won), sum(f.amount), sum(f.won_amount), NULL, sum(f.others),
            min(f.first_other), max(f.last_other)
        FROM fine AS f
        GROUP BY f.year, f.said_code, f.guess_code, f.real_code, f.weakness, f.currency, f.won_in
        UNION ALL
        SELECT 'part', l.year, NULL, NULL, NULL, NULL, NULL, l.part,
            l.currency, l.won_in, count(*), count(l.asked_on),
            count(*) FILTER (WHERE l.real_source = 'told'), NULL, NULL,
            count(l.won_on), sum(l.amount), sum(l.worth), NULL,
            count(*) FILTER (WHERE l.is_others), min(l.other), max(l.other)
        FROM lost AS l WHERE parted_by IS NOT NULL
        GROUP BY l.year, l.part, l.currency, l.won_in
        UNION ALL
        SELECT 'name', l.year, NULL, NULL, NULL, NULL, NULL, l.lost_to, l.currency, l.won_in,
            count(*), NULL, NULL, NULL, NULL, count(l.won_on), NULL, NULL, NULL,
            count(*) FILTER (WHERE l.is_others), min(l.other), max(l.other)
        FROM lost AS l GROUP BY l.year, l.lost_to, l.currency, l.won_in
        UNION ALL
        SELECT 'days', l.year,
            CASE WHEN l.won_on - l.lost_on < 8 THEN 0 WHEN l.won_on - l.lost_on < 31 THEN 8
                WHEN l.won_on - l.lost_on < 91 THEN 31 WHEN l.won_on - l.lost_on < 181 THEN 91
                WHEN l.won_on - l.lost_on < 366 THEN 181 ELSE 366
            END AS month,
            NULL, NULL, NULL, NULL, NULL, l.currency, l.won_in,
            count(*), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            count(*) FILTER (WHERE l.is_others), min(l.other), max(l.other)
        FROM lost AS l WHERE l.won_month IS NOT NULL GROUP BY l.year, 3, l.currency, l.won_in
        UNION ALL
        SELECT 'won', d.won_month / 12, d.won_month, NULL, NULL, NULL, NULL, NULL,
            d.currency, d.won_in, count(*), NULL, NULL, NULL, NULL, NULL, NULL, sum(d.worth), NULL,
            count(*) FILTER (WHERE d.is_others), min(d.other), max(d.other)
        FROM deals AS d WHERE d.won_month BETWEEN first_year * 12 AND last_year * 12 + 11
        GROUP BY d.won_month, d.currency, d.won_in
        UNION ALL
        SELECT 'again', d.again_month / 12, d.again_month, NULL, NULL, NULL, NULL, NULL,
            d.currency, NULL, count(*), NULL, NULL, NULL, NULL, NULL, sum(d.amount), NULL, NULL,
            count(*) FILTER (WHERE d.is_others), min(d.other), max(d.other)
        FROM deals AS d WHERE d.again_month IS NOT NULL GROUP BY d.again_month, d.currency
    ),
    rated AS (
        SELECT s.*, s.others < 5 OR (s.first_other = s.last_other AND NOT v.manages) AS is_small,
            s.cut = 'part' AND parted_by = 'rep' AND s.name = v.me AS is_own
        FROM sums AS s CROSS JOIN viewer AS v
    ),
    ranked AS (
        SELECT r.*,
            sum(r.others) FILTER (WHERE r.is_small) OVER (
                PARTITION BY r.cut, r.year, r.currency, r.won_in
            ) AS hidden,
            row_number() OVER (
                PARTITION BY r.cut, r.year, r.currency, r.won_in, r.is_small
                ORDER BY r.others, r.month, r.said_code, r.guess_code, r.real_code, r.weakness, r.name
            ) AS place
        FROM rated AS r
    )
    SELECT k.cut, k.year, CASE WHEN k.is_shown THEN k.month END,
        CASE WHEN k.is_shown THEN k.said_code END, CASE WHEN k.is_shown THEN k.guess_code END,
        CASE WHEN k.is_shown THEN k.real_code END, CASE WHEN k.is_shown THEN k.weakness END,
        CASE WHEN k.is_shown THEN k.name END, k.currency, k.won_in, sum(k.lost), sum(k.asked),
        sum(k.told), sum(k.heard), sum(k.guessed), sum(k.won), sum(k.amount), sum(k.won_amount),
        ARRAY[
            sum(k.more[1]), sum(k.more[2]), sum(k.more[3]), sum(k.more[4]), sum(k.more[5]),
            sum(k.more[6]), sum(k.more[7])
        ]
    FROM (
        SELECT r.*, r.is_own OR NOT r.is_small
            AND NOT (r.place = 1 AND coalesce(r.hidden, 0) BETWEEN 1 AND 4) AS is_shown
        FROM ranked AS r
    ) AS k CROSS JOIN viewer AS v
    GROUP BY k.cut, k.year, k.currency, k.won_in, k.is_shown, 3, 4, 5, 6, 7, 8, v.manages
    HAVING k.is_shown OR sum(k.others) >= 5
        AND (v.manages OR min(k.first_other) <> max(k.last_other));
END;

UPDATE lostsale_schema SET version = 2;
