-- The histograms of tally.answer_lengths, a row for each bucket.
CREATE OR REPLACE VIEW tally.answer_length_counts AS
SELECT ledger_id, version, key, day, measure, level, bucket, count
FROM tally.answer_lengths, unnest(buckets, counts) AS cell (bucket, count);
