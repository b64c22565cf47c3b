-- The 2014 statistics table in the rows of the later forms: APPROXIMATE, for orientation only (form 2014; never in applications or disputes)
WITH nearest (table_name, row_name, column_name, indicator, remark) AS (
  VALUES
    ('applications', 'new', 'total', 'requests', NULL),
    ('applications', 'granted', 'total', 'answered.already_public', 'told where it is published, counted with what was granted'),
    ('applications', 'granted', 'total', 'answered.granted', 'told where it is published, counted with what was granted'),
    ('applications', 'partly_granted', 'total', 'answered.partly_granted', NULL),
    ('applications', 'refused.state_secret', 'total', 'refused.state_secret', NULL),
    ('applications', 'refused.other_law', 'total', 'refused.other_law', NULL),
    ('applications', 'refused.security_stability', 'total', 'refused.security_stability', NULL),
    ('applications', 'refused.third_party', 'total', 'refused.trade_secret', 'trade secrets and privacy'),
    ('applications', 'refused.third_party', 'total', 'refused.privacy', 'trade secrets and privacy'),
    ('applications', 'unable.not_held', 'total', 'answered.not_this_organ', 'another organ’s, or not existing'),
    ('applications', 'unable.not_held', 'total', 'answered.not_existing', 'another organ’s, or not existing'),
    ('applications', 'unable.still_unclear', 'total', 'answered.to_be_corrected', 'the answer was not final in 2014'),
    ('applications', 'unprocessed.petition', 'total', 'answered.other_channel', 'also refused.registry_query; 2014 does not part them'),
    ('applications', 'closed', 'total', 'closed', NULL),
    ('disputes', 'reconsideration', 'upheld', 'reconsiderations.upheld', 'no pending cases in 2014'),
    ('disputes', 'reconsideration', 'corrected', 'reconsiderations.corrected', 'no pending cases in 2014'),
    ('disputes', 'reconsideration', 'other', 'reconsiderations.other', 'no pending cases in 2014'),
    ('disputes', 'litigation', 'upheld', 'lawsuits.upheld', 'direct suits and those after a reconsideration; no pending cases'),
    ('disputes', 'litigation', 'corrected', 'lawsuits.corrected', 'direct suits and those after a reconsideration; no pending cases'),
    ('disputes', 'litigation', 'other', 'lawsuits.other', 'direct suits and those after a reconsideration; no pending cases')
)
SELECT
  reports.id AS report,
  reports.unit,
  reports.year,
  reports.scope,
  nearest.table_name,
  nearest.row_name,
  nearest.column_name,
  CASE WHEN count(statistics.value) = count(*) THEN sum(statistics.value) END AS value,
  group_concat(nearest.indicator, ' + ') AS indicators,
  1 AS approximate,
  max(nearest.remark) AS remark
FROM reports
CROSS JOIN nearest
LEFT JOIN statistics ON statistics.report = reports.id AND statistics.indicator = nearest.indicator
WHERE reports.form = '2014'
GROUP BY reports.id, nearest.table_name, nearest.row_name, nearest.column_name
