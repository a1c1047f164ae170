-- Histograms of many rows as one, for views.

SET LOCAL ROLE tally_owner;

-- Its body is bound now: auditors, for whom views run it, may not look names up in this schema.
CREATE FUNCTION tally.either_cells(a bigint[], b bigint[]) RETURNS bigint[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(tally.merged_cells(a, b), a, b);

CREATE AGGREGATE tally.sum_cells(bigint[]) (
    sfunc = tally.either_cells,
    stype = bigint[],
    combinefunc = tally.either_cells,
    parallel = safe
);

-- What a histogram has in one bucket.
CREATE FUNCTION tally.cell_count(cells bigint[], bucket integer) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT coalesce(sum(cell & 281474976710655), 0)::bigint
    FROM unnest(cells) AS cell WHERE cell >> 48 = bucket
$$;

RESET ROLE;
