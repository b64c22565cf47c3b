-- 谁没有发布报告 / Who did not publish
-- zh: 期限之后完整读过网站而没有该年报告的单位；网站没有读通的不在其中。place 是区划代码，year 空白时为最近一年。最多 500 行。
-- en: Organs whose portal was read without fault after the deadline and has no report of that year; where it could not be read nothing is claimed. place is a division code; a blank year is the latest. At most 500 rows.
SELECT expected.unit, units.name, units.level, units.kind, expected.year, expected.deadline, expected.basis,
  portals.name AS portal, expected.evidence
FROM expected
JOIN units ON units.id = expected.unit
LEFT JOIN portals ON portals.slug = expected.portal
WHERE expected.state = 'missing'
  AND expected.year = CAST(coalesce(nullif(:year, ''), (SELECT value FROM meta WHERE key = 'last_year')) AS INTEGER)
  AND expected.unit >= :place AND expected.unit < :place || ':'
ORDER BY expected.unit
LIMIT 500
