-- A table is the same as last year's and not all zero (forms 2019 and 2021, the same in both years; stocks of table 二 aside: they may stay)
-- A table of few cases may well come twice: notice (table 三 under 5 requests, table 四 under 3 cases, one figure in table 二)
WITH pairs AS (
  SELECT p.report, p.previous, r.requests_new, b.form = r.form AS same_form
  FROM previous_reports AS p
  JOIN reports AS r ON r.id = p.report
  JOIN reports AS b ON b.id = p.previous
  WHERE r.form IN ('2019', '2021')
),
compared AS (
  SELECT
    p.report,
    'disclosures' AS table_name,
    total(now.value <> before.value) AS differ,
    sum(now.value IS NULL OR before.value IS NULL) AS unknown,
    total(now.value) AS size,
    total(now.value <> 0) < 2 AS few
  FROM pairs AS p
  LEFT JOIN disclosures AS now
    ON now.report = p.report AND now.measure NOT IN ('in_force', 'published_total', 'items_last_year')
  LEFT JOIN disclosures AS before
    ON before.report = p.previous AND before.item = now.item AND before.measure = now.measure
  WHERE p.same_form
  GROUP BY p.report
  UNION ALL
  SELECT
    p.report,
    'applications',
    total(now.natural_person <> before.natural_person) + total(now.business <> before.business)
    + total(now.research <> before.research) + total(now.nonprofit <> before.nonprofit)
    + total(now.legal_service <> before.legal_service)
    + total(now.other_organisation <> before.other_organisation) + total(now.total <> before.total),
    sum(
      now.natural_person + now.business + now.research + now.nonprofit + now.legal_service + now.other_organisation
      + now.total + before.natural_person + before.business + before.research + before.nonprofit
      + before.legal_service + before.other_organisation + before.total IS NULL
    ),
    total(now.total),
    coalesce(p.requests_new, 0) < 5
  FROM pairs AS p
  LEFT JOIN applications AS now ON now.report = p.report
  LEFT JOIN applications AS before ON before.report = p.previous AND before.outcome = now.outcome
  WHERE p.same_form
  GROUP BY p.report
  UNION ALL
  SELECT
    p.report,
    'disputes',
    total(now.upheld <> before.upheld) + total(now.corrected <> before.corrected) + total(now.other <> before.other)
    + total(now.pending <> before.pending) + total(now.total <> before.total),
    sum(
      now.upheld + now.corrected + now.other + now.pending + now.total + before.upheld + before.corrected
      + before.other + before.pending + before.total IS NULL
    ),
    total(now.total),
    total(now.total) < 3
  FROM pairs AS p
  LEFT JOIN disputes AS now ON now.report = p.report
  LEFT JOIN disputes AS before ON before.report = p.previous AND before.channel = now.channel
  WHERE p.same_form
  GROUP BY p.report
)
SELECT
  report,
  json_object('table', table_name) AS place,
  NULL AS [left],
  NULL AS [right],
  CASE WHEN unknown THEN 'not_assessable' ELSE 'fail' END AS result,
  CASE WHEN few THEN 'few' END AS variant
FROM compared
WHERE differ = 0 AND (size > 0 OR unknown) -- what was not read may be more than zero
UNION ALL
SELECT report, '{}', NULL, NULL, 'not_assessable', NULL FROM pairs WHERE NOT same_form
