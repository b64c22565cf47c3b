-- 不予公开的理由 / Reasons for refusing
-- zh: 某地某年八项不予公开理由的件数，本级与汇总、各层级分列，绝不相加；同时给出计入的报告数和没有计入的报告数（没有读到数字或该格有错误）。place 是县级以上区划代码，空白为全国；year 空白时为最近一年。
-- en: The eight reasons for refusing in a place and year; own and aggregate figures and each level stand apart and are never added up. Beside each sum stand the reports counted and those left out (no figure read, or an error at it). place is a division code down to the county, blank for the country; a blank year is the latest.
SELECT area_sums.area, area_sums.year, area_sums.scope, area_sums.level, labels.zh AS reason_zh, labels.en AS reason_en,
  area_sums.value AS requests, area_sums.reports AS reports_counted, area_sums.left_out AS reports_left_out
FROM area_sums
JOIN labels ON labels.form = '2021' AND labels.table_name = 'applications' AND labels.axis = 'row'
  AND labels.name = replace(area_sums.figure, 'refused_', 'refused.')
WHERE area_sums.area = :place
  AND area_sums.year = CAST(coalesce(nullif(:year, ''), (SELECT value FROM meta WHERE key = 'last_year')) AS INTEGER)
ORDER BY area_sums.scope DESC, area_sums.level, labels.position
LIMIT 200
