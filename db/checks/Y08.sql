-- A report shows the year before: under a list entry of the next year, or with all three tables of last year (every form; tables: forms 2019 and 2021)
-- At least six figures other than zero must agree: small reports may come twice by chance (see Y04). Where no figure
-- differs, and what was not read might agree too, nothing can be said.
WITH pairs AS (
  SELECT p.report, p.previous
  FROM previous_reports AS p
  JOIN reports AS r ON r.id = p.report
  JOIN reports AS b ON b.id = p.previous AND b.form = r.form
  WHERE r.form IN ('2019', '2021')
),
figures AS (
  SELECT
    p.report,
    now.value <> 0 AS filled,
    now.value = before.value AS same
  FROM pairs AS p
  LEFT JOIN disclosures AS now ON now.report = p.report
  LEFT JOIN disclosures AS before
    ON before.report = p.previous AND before.item = now.item AND before.measure = now.measure
  UNION ALL
  SELECT
    p.report,
    now.total <> 0,
    now.natural_person = before.natural_person AND now.business = before.business AND now.research = before.research
    AND now.nonprofit = before.nonprofit AND now.legal_service = before.legal_service
    AND now.other_organisation = before.other_organisation AND now.total = before.total
  FROM pairs AS p
  LEFT JOIN applications AS now ON now.report = p.report
  LEFT JOIN applications AS before ON before.report = p.previous AND before.outcome = now.outcome
  UNION ALL
  SELECT
    p.report,
    now.total <> 0,
    now.upheld = before.upheld AND now.corrected = before.corrected AND now.other = before.other
    AND now.pending = before.pending AND now.total = before.total
  FROM pairs AS p
  LEFT JOIN disputes AS now ON now.report = p.report
  LEFT JOIN disputes AS before ON before.report = p.previous AND before.channel = now.channel
)
SELECT r.id AS report, '{}' AS place, r.year AS [left], r.year + 1 AS [right], 'fail' AS result, NULL AS variant,
  'under' AS relation, d.title AS quote
FROM reports AS r
JOIN documents AS d ON d.digest = r.document
WHERE instr(d.title, (r.year + 1) || '年') AND NOT instr(d.title, r.year || '年')
UNION ALL
SELECT report, '{}', NULL, NULL, iif(total(same) = count(*), 'fail', 'not_assessable'), NULL, NULL, NULL
FROM figures
GROUP BY report
HAVING NOT total(same = 0) AND total(filled IS NOT 0) >= 6
