-- What the front page shows, added up once: figures over reports that may be added, and what is held by province
CREATE TEMP TABLE doubtful AS
SELECT report,
  max(operand = 'requests_new') AS requests,
  max(operand IN ('closed', 'granted', 'partly_granted', 'other_merged') OR operand LIKE 'refused%'
    OR operand LIKE 'unable%' OR operand LIKE 'unprocessed%' OR operand LIKE 'other%') AS outcomes,
  max(operand IN ('review_upheld', 'review_corrected', 'review_other')) AS reviews
FROM operand_flags WHERE flag = 'operand flagged' GROUP BY report;
CREATE UNIQUE INDEX doubtful_report ON doubtful(report);
-- Aggregates of county governments do not overlap; those of their prefectures and provinces hold them again
CREATE TEMP TABLE added AS
SELECT reports.scope, reports.year, CASE reports.form WHEN '2014' THEN '2014' ELSE '2019' END AS series,
  CASE WHEN reports.form = '2014' THEN '2014' WHEN reports.year >= 2024 THEN '2024' ELSE '2019' END AS law,
  operands.requests_new, operands.closed, operands.granted, operands.partly_granted, refused, unable, unprocessed, other,
  review_corrected, review_upheld + review_corrected + review_other AS review_decided,
  operands.requests_new IS NOT NULL AND coalesce(doubtful.requests, 0) = 0 AS requests,
  operands.closed + operands.granted + operands.partly_granted + refused + unable + unprocessed + other IS NOT NULL
    AND coalesce(doubtful.outcomes, 0) = 0 AS outcomes,
  review_upheld + review_corrected + review_other IS NOT NULL AND coalesce(doubtful.reviews, 0) = 0 AS reviews
FROM operands JOIN reports ON reports.id = operands.report LEFT JOIN doubtful ON doubtful.report = operands.report
WHERE operands.addable AND (reports.scope = 'own' OR reports.level = 'county');
INSERT INTO national
SELECT scope, year, series, 'requests_new', sum(requests_new) FILTER (WHERE requests), sum(requests), sum(NOT requests)
FROM added GROUP BY scope, year, series;
INSERT INTO national
SELECT scope, year, series, names.value, sum(
  CASE names.value
    WHEN 'granted' THEN granted WHEN 'partly_granted' THEN partly_granted WHEN 'refused' THEN refused
    WHEN 'unable' THEN unable WHEN 'unprocessed' THEN unprocessed WHEN 'other' THEN other ELSE closed
  END) FILTER (WHERE outcomes), sum(outcomes), sum(NOT outcomes)
FROM added
JOIN json_each('["granted","partly_granted","refused","unable","unprocessed","other","closed"]') AS names
GROUP BY scope, year, series, names.value;
INSERT INTO national
SELECT scope, year, law, names.value,
  sum(CASE names.value WHEN 'review_corrected' THEN review_corrected ELSE review_decided END) FILTER (WHERE reviews),
  sum(reviews), sum(NOT reviews)
FROM added JOIN json_each('["review_corrected","review_decided"]') AS names
GROUP BY scope, year, law, names.value;
INSERT INTO province_counts
SELECT province, count(*), count(DISTINCT unit), sum(errors = 0 AND warnings = 0), min(year), max(year)
FROM reports WHERE province IS NOT NULL GROUP BY province;
DROP TABLE added;
DROP TABLE doubtful
