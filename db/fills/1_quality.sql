-- What findings, sections, prose and dates say of a report, as operands; a finding that a person dismissed says nothing
CREATE TEMP TABLE standing AS SELECT report, rule, severity, origin FROM findings WHERE review IN ('open', 'confirmed');
CREATE INDEX standing_report ON standing(report);
UPDATE operands SET
  errors = (SELECT count(*) FROM standing WHERE report = operands.report AND severity = 'error'),
  warnings = (SELECT count(*) FROM standing WHERE report = operands.report AND severity = 'warning'),
  notices = (SELECT count(*) FROM standing WHERE report = operands.report AND severity = 'notice'),
  template_findings = (
    SELECT count(*) FROM standing
    WHERE report = operands.report AND rule GLOB '[ST][0-9]*' AND severity IN ('error', 'warning')
  ),
  sums_broken = CASE
    WHEN (SELECT form FROM reports WHERE id = operands.report) NOT IN ('2019', '2021') THEN NULL
    WHEN (
      SELECT 1 FROM standing
      WHERE report = operands.report AND rule IN ('A01', 'A02', 'A03', 'A04') AND origin = 'source'
    ) THEN 1
    -- A11: a relation lacks an operand. S04: a table is not there at all. The sums: it may be our reading that is wrong
    WHEN (
      SELECT 1 FROM standing WHERE report = operands.report AND rule IN ('A01', 'A02', 'A03', 'A04', 'A11', 'S04')
    ) THEN NULL
    ELSE 0
  END,
  sections = (
    SELECT count(DISTINCT number) FROM sections WHERE report = operands.report AND number BETWEEN 1 AND 6
  ),
  processing_fee = ( -- one amount, or the same twice; without a unit only none at all is an amount
    SELECT CASE WHEN count(DISTINCT yuan) = 1 AND count(*) = count(yuan) THEN max(yuan) END
    FROM (
      SELECT value * CASE WHEN unit = '元' THEN 1 WHEN unit = '万元' THEN 10000 WHEN value = 0 THEN 1 END AS yuan
      FROM statements WHERE report = operands.report AND kind = 'processing_fee'
    )
  ),
  days_late = (SELECT days_late FROM publications WHERE report = operands.report), -- of the first of its scope alone
  like_last_year = (SELECT share FROM likenesses WHERE report = operands.report AND kind = 'last_year'),
  like_another = (SELECT share FROM likenesses WHERE report = operands.report AND kind = 'other_unit');
DROP TABLE standing;
-- An office prints what its government asked and answered; where the government reports its own too, that is said twice
UPDATE operands SET addable = operands.first AND reports.form != 'none' AND CASE reports.scope
    WHEN 'own' THEN reports.kind IS NOT 'government_office' OR NOT EXISTS (
      SELECT 1 FROM reports AS own
      WHERE own.unit = reports.division AND own.year = reports.year AND own.scope = 'own'
    )
    WHEN 'aggregate' THEN reports.kind IS 'government'
    ELSE 0
  END
FROM reports WHERE reports.id = operands.report;
-- Where previous_reports leads from one unit to another, both are one line; older steps only, because codes are reused
CREATE TEMP TABLE steps AS
SELECT now.unit, before.unit AS before, max(now.year) AS year
FROM previous_reports JOIN reports AS now ON now.id = report JOIN reports AS before ON before.id = previous
WHERE now.unit != before.unit
GROUP BY now.unit, before.unit;
CREATE TEMP TABLE lines AS
WITH RECURSIVE back(unit, before, year, steps) AS (
  SELECT DISTINCT unit, unit, 9999, 0 FROM operands WHERE unit IS NOT NULL
  UNION ALL
  SELECT back.unit, steps.before, steps.year, back.steps + 1
  FROM back JOIN steps ON steps.unit = back.before AND steps.year < back.year
)
SELECT unit, before, max(steps) FROM back GROUP BY unit;
DROP TABLE steps;
CREATE INDEX lines_unit ON lines(unit);
UPDATE operands SET line = (SELECT before FROM lines WHERE lines.unit = operands.unit);
DROP TABLE lines
