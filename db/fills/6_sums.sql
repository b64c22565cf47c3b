-- Requests by reason for refusing and by applicant, added up by area from county to country; what may not be added stands apart
CREATE TEMP TABLE sums AS
SELECT substr(reports.division, 1, 6) AS county, reports.year, reports.scope, reports.level,
  replace(applications.outcome, '.', '_') AS figure, sum(CASE WHEN flag IS NULL THEN applications.total END) AS value,
  count(CASE WHEN flag IS NULL THEN applications.total END) AS counted
FROM reports
CROSS JOIN operands ON operands.report = reports.id AND operands.addable
CROSS JOIN applications ON applications.report = reports.id
  AND applications.outcome >= 'refused.' AND applications.outcome < 'refused/'
LEFT JOIN operand_flags ON operand_flags.report = reports.id AND operand_flags.flag = 'operand flagged'
  AND operand_flags.operand = replace(applications.outcome, '.', '_')
WHERE reports.division IS NOT NULL AND reports.year IS NOT NULL AND reports.level IS NOT NULL
GROUP BY county, reports.year, reports.scope, reports.level, figure;
CREATE TEMP TABLE asked AS
SELECT substr(reports.division, 1, 6) AS county, reports.year, reports.scope, reports.level, operands.*,
  new_natural_person + new_business + new_research + new_nonprofit + new_legal_service + new_other_organisation
    IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM operand_flags WHERE operand_flags.report = reports.id AND operand_flags.flag = 'operand flagged'
        AND operand_flags.operand >= 'new_' AND operand_flags.operand < 'new`'
    ) AS whole
FROM reports CROSS JOIN operands ON operands.report = reports.id AND operands.addable
WHERE reports.division IS NOT NULL AND reports.year IS NOT NULL AND reports.level IS NOT NULL
  AND reports.form IN ('2019', '2021');
INSERT INTO sums
SELECT county, year, scope, level, figure, sum(CASE WHEN whole THEN CASE figure
    WHEN 'new_natural_person' THEN new_natural_person WHEN 'new_business' THEN new_business
    WHEN 'new_research' THEN new_research WHEN 'new_nonprofit' THEN new_nonprofit
    WHEN 'new_legal_service' THEN new_legal_service ELSE new_other_organisation END END), sum(whole)
FROM asked CROSS JOIN (
  SELECT 'new_natural_person' AS figure UNION ALL SELECT 'new_business' UNION ALL SELECT 'new_research'
  UNION ALL SELECT 'new_nonprofit' UNION ALL SELECT 'new_legal_service' UNION ALL SELECT 'new_other_organisation'
)
GROUP BY county, year, scope, level, figure;
CREATE TEMP TABLE digits AS SELECT 0 AS digits UNION ALL SELECT 2 UNION ALL SELECT 4 UNION ALL SELECT 6;
CREATE TEMP TABLE held AS
SELECT substr(county, 1, digits) AS area, year, scope, level, count(*) AS reports
FROM asked CROSS JOIN digits WHERE length(county) >= digits
GROUP BY area, year, scope, level;
INSERT INTO area_sums
SELECT added.area, added.year, added.scope, added.level, figure, value, counted, held.reports - counted
FROM (
  SELECT substr(county, 1, digits) AS area, year, scope, level, figure, sum(value) AS value, sum(counted) AS counted
  FROM sums CROSS JOIN digits WHERE length(county) >= digits
  GROUP BY area, year, scope, level, figure
) AS added
JOIN held ON held.area = added.area AND held.year = added.year AND held.scope = added.scope AND held.level = added.level;
DROP TABLE held;
DROP TABLE digits;
DROP TABLE asked;
DROP TABLE sums
