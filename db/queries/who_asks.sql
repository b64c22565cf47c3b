-- 谁在申请 / Who asks
-- zh: 某地某年新收申请按申请人类别的件数与占比，本级与汇总、各层级分列，绝不相加；只计六类都读到数字且没有错误的报告。place 是县级以上区划代码，空白为全国；year 空白时为最近一年。
-- en: New requests of a place and year by kind of applicant, with their shares; own and aggregate figures and each level stand apart and are never added up. Only reports in which all six kinds were read without an error are counted. place is a division code down to the county, blank for the country; a blank year is the latest.
SELECT area_sums.area, area_sums.year, area_sums.scope, area_sums.level, labels.zh AS applicant_zh,
  labels.en AS applicant_en, area_sums.value AS requests,
  round(1.0 * area_sums.value / nullif(sum(area_sums.value) OVER (PARTITION BY area_sums.scope, area_sums.level), 0), 4)
    AS share, area_sums.reports AS reports_counted, area_sums.left_out AS reports_left_out
FROM area_sums
JOIN labels ON labels.form = '2021' AND labels.table_name = 'applications' AND labels.axis = 'column'
  AND area_sums.figure = 'new_' || labels.name
WHERE area_sums.area = :place
  AND area_sums.year = CAST(coalesce(nullif(:year, ''), (SELECT value FROM meta WHERE key = 'last_year')) AS INTEGER)
ORDER BY area_sums.scope DESC, area_sums.level, labels.position
LIMIT 200
