-- Requests carried in equal those carried out a year before, in each column (forms 2019 and 2021, also across the two)
WITH applicants(who) AS (
  VALUES ('total'), ('natural_person'), ('business'), ('research'), ('nonprofit'), ('legal_service'), ('other_organisation')
),
figures AS (
  SELECT
    p.report,
    who,
    CASE who
      WHEN 'total' THEN now.total WHEN 'natural_person' THEN now.natural_person WHEN 'business' THEN now.business
      WHEN 'research' THEN now.research WHEN 'nonprofit' THEN now.nonprofit
      WHEN 'legal_service' THEN now.legal_service ELSE now.other_organisation
    END AS [left],
    CASE who
      WHEN 'total' THEN before.total WHEN 'natural_person' THEN before.natural_person WHEN 'business' THEN before.business
      WHEN 'research' THEN before.research WHEN 'nonprofit' THEN before.nonprofit
      WHEN 'legal_service' THEN before.legal_service ELSE before.other_organisation
    END AS [right],
    now.total IS NULL OR before.total IS NULL AS total_unknown
  FROM previous_reports AS p
  JOIN reports AS r ON r.id = p.report AND r.form IN ('2019', '2021')
  LEFT JOIN applications AS now ON now.report = p.report AND now.outcome = 'carried_in'
  LEFT JOIN applications AS before ON before.report = p.previous AND before.outcome = 'carried_out'
  CROSS JOIN applicants
)
SELECT
  report,
  json_object('table', 'applications', 'row', 'carried_in', 'column', who) AS place,
  [left],
  [right],
  CASE WHEN [left] IS NULL OR [right] IS NULL THEN 'not_assessable' ELSE 'fail' END AS result,
  CASE WHEN who = 'total' THEN NULL ELSE 'column' END AS variant
FROM figures
WHERE [left] <> [right]
  OR (([left] IS NULL OR [right] IS NULL) AND (who = 'total' OR NOT total_unknown)) -- a lost row is said once
