-- Share of closed requests granted in full, and in full or in part (forms 2019 and 2021; never compare own with aggregate)
SELECT
  id AS report,
  name,
  year,
  level,
  scope,
  closed,
  round(1.0 * granted / nullif(closed, 0), 4) AS granted_share,
  round(1.0 * (granted + partly_granted) / nullif(closed, 0), 4) AS granted_or_partly_share
FROM reports
WHERE form IN ('2019', '2021')
