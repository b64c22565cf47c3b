-- The only schema. Every column carries its description (with its unit) as a comment on its own line;
-- the site shows these comments, so they are written for readers. Values are numbers or NULL, never words.

CREATE TABLE meta ( -- facts about this build
    key TEXT PRIMARY KEY, -- name of the fact, e.g. built_from = newest fetch that went in, decisions = digest of what people decided, privacy = digest of the rule of what is private
    value TEXT -- its value as text
) STRICT;

CREATE TABLE divisions ( -- administrative divisions that a unit stands in, and all above them
    code TEXT PRIMARY KEY, -- division code: 2 digits province, 4 prefecture, 6 county, 9 township
    name TEXT NOT NULL, -- official name (zh)
    pinyin TEXT, -- the name transliterated, without tones (pypinyin and registers/pinyin.csv): a reading aid, no official name
    level TEXT NOT NULL CHECK (level IN ('province', 'prefecture', 'county', 'township')), -- administrative level
    parent TEXT REFERENCES divisions(code), -- the division above; empty for a province
    valid_from TEXT, -- since when it has this name and code, ISO 8601; empty where that is longer than the lists go back
    valid_to TEXT, -- until when it had them; empty where it still has
    former_names TEXT, -- names that the same code bore before, with the dates of their end (zh)
    latitude REAL, -- of its seat (degrees north); county level and above
    longitude REAL -- of its seat (degrees east)
) STRICT;
CREATE INDEX divisions_parent ON divisions(parent);

CREATE TABLE register_sources ( -- where the registers of divisions and organs come from, with their licences
    part TEXT NOT NULL, -- which part of the registers
    source TEXT NOT NULL, -- package or publication, with its version and as of when
    licence TEXT, -- its licence; in the source's own line where several differ
    note TEXT, -- what is left out, what the dates mean
    PRIMARY KEY (part, source)
) STRICT;

CREATE TABLE units ( -- organs that report or are expected to, and the governments above them
    id TEXT PRIMARY KEY, -- division code, or code-kind (330382-nyncj)
    name TEXT NOT NULL, -- official name (zh)
    pinyin TEXT, -- the name transliterated, without tones (pypinyin and registers/pinyin.csv): a reading aid, no official name
    kind TEXT, -- government, government_office, department, street_office, zone_committee, vertical_organ
    level TEXT, -- province, prefecture, county, township
    division TEXT REFERENCES divisions(code), -- the division it stands in
    reports INTEGER NOT NULL DEFAULT 0 -- number of reports held (count)
) STRICT;
CREATE INDEX units_division ON units(division);

CREATE TABLE names ( -- places and units in the order in which a search by name lists them: higher levels first
    id INTEGER PRIMARY KEY, -- running number; rowid of the index name_words
    place TEXT REFERENCES divisions(code), -- the place; empty for a unit
    unit TEXT REFERENCES units(id) -- the unit; empty for a place
) STRICT;

-- Names as pairs of characters and as pinyin from every syllable on, former names too (db/names.py)
CREATE VIRTUAL TABLE name_words USING fts5(words, content='', tokenize='ascii', prefix='2 3 4');

CREATE TABLE unit_relations ( -- which unit stands above which
    unit TEXT NOT NULL REFERENCES units(id), -- the lower unit
    parent TEXT NOT NULL REFERENCES units(id), -- a unit above it
    distance INTEGER NOT NULL, -- steps up (1 = directly above)
    PRIMARY KEY (unit, parent)
) STRICT;

CREATE TABLE unit_successions ( -- which unit followed which: renames, mergers, splits, upgrades, transfers
    predecessor TEXT NOT NULL, -- id of the unit before; not a key, because it may never have reported
    predecessor_name TEXT, -- its name then (zh)
    successor TEXT NOT NULL, -- id of the unit after; the same id where only the name changed
    successor_name TEXT, -- its name (zh)
    kind TEXT NOT NULL CHECK (kind IN ('rename', 'merge', 'split', 'upgrade', 'transfer')), -- what happened; rename, upgrade and transfer go on as one series
    happened_on TEXT, -- date on which it took effect, or of the first list that shows it, ISO 8601
    source TEXT -- where this stands
) STRICT;
CREATE INDEX unit_successions_predecessor ON unit_successions(predecessor);
CREATE INDEX unit_successions_successor ON unit_successions(successor);

CREATE TABLE unit_evidence ( -- what speaks for the unit of a report, piece by piece
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    kind TEXT NOT NULL, -- registered, credit code, title, listing, signature, publisher, address, phone, website, document number, host, site
    text TEXT NOT NULL, -- as printed
    weight INTEGER NOT NULL, -- 8 strongest, 1 weakest
    candidates INTEGER NOT NULL, -- how many of the units that bear the name it allows (count)
    agrees INTEGER NOT NULL -- 0 where it contradicts what stronger evidence leaves
) STRICT;
CREATE INDEX unit_evidence_report ON unit_evidence(report);

CREATE TABLE portals ( -- government sites that are crawled
    slug TEXT PRIMARY KEY, -- our short name of the portal
    name TEXT, -- name of the site (zh)
    division TEXT, -- division code of the government that runs it
    platform TEXT, -- the content management system
    url TEXT, -- first entry address
    last_run TEXT, -- id of its newest run; empty where it was never crawled
    health TEXT NOT NULL DEFAULT 'never crawled' CHECK (health IN ('never crawled', 'ok', 'problems', 'failing')), -- what the newest run says
    failing TEXT -- why it needs a person; empty where it does not
) STRICT;

CREATE TABLE runs ( -- one row a crawl of a portal, as it counted itself
    id TEXT PRIMARY KEY, -- name of the run's file
    portal TEXT REFERENCES portals(slug), -- the portal crawled
    started TEXT, -- start, ISO 8601 UTC
    finished TEXT, -- end, ISO 8601 UTC; empty where the crawl was killed
    ok INTEGER NOT NULL, -- 1 where reports were seen and nothing went wrong; a run that found nothing is a failure
    requests INTEGER, -- requests made (count)
    listed INTEGER, -- titles seen in the lists (count)
    refused INTEGER, -- titles that only look like reports (count)
    reports INTEGER, -- reports seen, new or known (count)
    new INTEGER, -- documents that the run added (count)
    changed INTEGER, -- of these, new versions of an address that was known (count)
    unchanged INTEGER, -- reports asked for again that are as they were (count)
    gone INTEGER NOT NULL, -- reports that no list shows any more and that do not answer (count)
    bytes INTEGER, -- received over the wire (bytes)
    seconds INTEGER, -- from start to end (seconds)
    problems INTEGER NOT NULL, -- things that went wrong (count)
    blocked INTEGER NOT NULL, -- addresses that answered with a challenge, for a person to look at (count)
    errors TEXT, -- problems by kind, JSON object of counts
    failing TEXT, -- why the portal needs a person; empty where it is healthy
    record TEXT NOT NULL -- everything the run noted, as JSON
) STRICT;

CREATE TABLE documents ( -- files and pages as archived, one row a distinct sequence of bytes
    digest TEXT PRIMARY KEY, -- sha256: and 64 hex digits of the bytes
    media_type TEXT, -- media type, e.g. text/html
    url TEXT, -- the address it was first fetched from; empty for an imported file
    name TEXT, -- file name where it was imported
    title TEXT, -- title given by the portal
    publisher TEXT, -- publisher named by the portal
    published_on TEXT, -- date of publication named by the portal, ISO 8601
    first_fetched TEXT, -- first fetch, ISO 8601 UTC
    last_fetched TEXT, -- newest fetch, ISO 8601 UTC
    status TEXT NOT NULL CHECK (status IN ('read', 'failed', 'unread')), -- read, failed (see error) or not read yet
    error TEXT, -- why it could not be read
    error_place TEXT, -- where reading stopped
    remedy TEXT -- what would help
) STRICT;
CREATE INDEX documents_url ON documents(url);

CREATE TABLE fetches ( -- each time a document was fetched or imported
    id INTEGER PRIMARY KEY, -- running number in order of fetch
    document TEXT NOT NULL REFERENCES documents(digest), -- the bytes received
    fetched TEXT, -- when, ISO 8601 UTC
    url TEXT, -- from which address; empty for an imported file
    portal TEXT REFERENCES portals(slug), -- through which portal
    warc TEXT -- archive file that holds it
) STRICT;
CREATE INDEX fetches_document ON fetches(document);
CREATE INDEX fetches_portal ON fetches(portal);

CREATE TABLE rules ( -- every rule that can raise a finding
    id TEXT PRIMARY KEY, -- rule id, e.g. S08
    severity TEXT CHECK (severity IN ('error', 'warning', 'notice', 'info')), -- default severity
    zh TEXT, -- the rule as a sentence (zh)
    en TEXT, -- the rule as a sentence (en)
    formula TEXT, -- its trigger or formula
    source TEXT, -- the notice or law it rests on
    variants TEXT, -- named variants with their own severity, as JSON
    status TEXT NOT NULL DEFAULT 'implemented' CHECK (status IN ('implemented', 'out_of_scope')), -- whether it is tested
    reason TEXT -- why it is out of scope; empty where it is tested
) STRICT;

CREATE TABLE reports ( -- one row a unit and year, with the headline figures
    id TEXT PRIMARY KEY, -- unit-year; -2, -3 for further different reports; x-… while the unit is unresolved
    name TEXT NOT NULL, -- unit and year in words (zh)
    unit TEXT REFERENCES units(id), -- the unit that reports; empty while unresolved
    division TEXT REFERENCES divisions(code), -- the division the unit stands in
    province TEXT REFERENCES divisions(code), -- its province
    level TEXT, -- administrative level of the unit
    kind TEXT, -- kind of the unit
    year INTEGER, -- the calendar year reported on
    scope TEXT NOT NULL CHECK (scope IN ('own', 'aggregate', 'unknown')), -- own figures, or summed over units below: never add the two together
    form TEXT NOT NULL, -- edition of the official form: 2014, 2019, 2021 or none
    title TEXT, -- title as printed (zh)
    published_on TEXT, -- date of publication, ISO 8601
    document TEXT NOT NULL REFERENCES documents(digest), -- the document it was read from
    part INTEGER NOT NULL DEFAULT 1, -- which report of that document, from 1: a document may hold several
    first_fetched TEXT, -- when this version was first fetched, ISO 8601 UTC
    versions INTEGER NOT NULL DEFAULT 1, -- versions held, this one included (count); the older ones: report_versions
    reading TEXT NOT NULL, -- digest of everything read; it changes when anything read changes
    requests_new INTEGER, -- new requests in the year (requests, 件)
    carried_in INTEGER, -- requests carried in from the year before (requests, 件)
    closed INTEGER, -- requests closed in the year (requests, 件)
    granted INTEGER, -- requests granted in full (requests, 件)
    partly_granted INTEGER, -- requests granted in part (requests, 件)
    carried_out INTEGER, -- requests carried out into the next year (requests, 件)
    reconsiderations INTEGER, -- administrative reconsiderations, total (cases, 件)
    reconsiderations_corrected INTEGER, -- reconsiderations in which the organ was corrected (cases, 件)
    lawsuits INTEGER, -- lawsuits, direct and after reconsideration (cases, 件); empty unless both totals were read
    errors INTEGER NOT NULL DEFAULT 0, -- findings of severity error, without those dismissed or resolved by a correction (count)
    warnings INTEGER NOT NULL DEFAULT 0, -- findings of severity warning, without those dismissed or resolved by a correction (count)
    checks_passed INTEGER NOT NULL DEFAULT 0, -- rules tested on it that have nothing to say (count)
    checks_failed INTEGER NOT NULL DEFAULT 0, -- rules with at least one finding, of any severity (count)
    checks_not_assessable INTEGER NOT NULL DEFAULT 0 -- rules that lack an operand: neither passed nor failed (count)
) STRICT;
CREATE INDEX reports_unit ON reports(unit, year);
CREATE INDEX reports_year ON reports(year);
CREATE INDEX reports_document ON reports(document);
CREATE INDEX reports_newest ON reports(first_fetched);
CREATE INDEX reports_division ON reports(division);
CREATE INDEX reports_province ON reports(province);

CREATE TABLE previous_reports ( -- the report of the year before that a report can be compared with: same series, same scope
    report TEXT PRIMARY KEY REFERENCES reports(id), -- the report
    previous TEXT NOT NULL REFERENCES reports(id), -- the report of the year before
    via TEXT NOT NULL -- same_unit, or the kind of succession by which the series goes on
) STRICT;
CREATE INDEX previous_reports_previous ON previous_reports(previous);

CREATE TABLE likenesses ( -- how much of a report's text stands in another; figures, years and place names masked
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    other TEXT NOT NULL REFERENCES reports(id), -- the report it was laid beside
    kind TEXT NOT NULL CHECK (kind IN ('last_year', 'other_unit')), -- last_year: every pair; other_unit: the most alike of the same year, from 0.8 on
    share REAL NOT NULL, -- last_year: part of this text that stood in the other; other_unit: Jaccard index, boilerplate removed (0 to 1)
    PRIMARY KEY (report, kind)
) STRICT;
CREATE INDEX likenesses_other ON likenesses(other);

CREATE TABLE report_documents ( -- every document that carries a report; the same report at two addresses has two
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    document TEXT NOT NULL REFERENCES documents(digest), -- a document that carries it
    part INTEGER NOT NULL DEFAULT 1, -- which report of that document, from 1
    PRIMARY KEY (report, document)
) STRICT;
CREATE INDEX report_documents_document ON report_documents(document);

CREATE TABLE report_versions ( -- readings of documents that were later replaced at the same address; the site shows the newest first
    report TEXT NOT NULL REFERENCES reports(id), -- the report that stands now
    document TEXT NOT NULL REFERENCES documents(digest), -- the document that was replaced
    part INTEGER NOT NULL DEFAULT 1, -- which report of that document, from 1
    position INTEGER NOT NULL, -- order in time: 1 is the oldest
    first_fetched TEXT, -- when it came to stand at its address, ISO 8601 UTC
    replaced_by TEXT NOT NULL REFERENCES documents(digest), -- the document of the next version
    replaced_at TEXT, -- when that was first fetched, ISO 8601 UTC
    title TEXT, -- title as printed then (zh)
    requests_new INTEGER, -- new requests as printed then (requests, 件)
    closed INTEGER, -- requests closed as printed then (requests, 件)
    record TEXT NOT NULL, -- the whole reading as JSON
    PRIMARY KEY (report, document)
) STRICT;
CREATE INDEX report_versions_replaced ON report_versions(replaced_at);

CREATE TABLE changes ( -- what a new version of a report changed, cell by cell
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    from_document TEXT NOT NULL REFERENCES documents(digest), -- the document of the version before
    to_document TEXT NOT NULL REFERENCES documents(digest), -- the document of the new version
    table_name TEXT NOT NULL, -- disclosures, applications, disputes, statistics; reports, contacts or sections for what is no table
    row_name TEXT NOT NULL, -- the row, field or number of the section, by our name
    column_name TEXT, -- the column, by our name; empty where there is none
    before TEXT, -- what was read in the version before, as text: it may be words, and an amount has its unit (元) where one is known; empty where nothing was
    after TEXT, -- what is read in the new version, as text like before; empty where nothing is
    at TEXT -- when the new version was first fetched, ISO 8601 UTC
) STRICT;
CREATE INDEX changes_report ON changes(report);

CREATE TABLE disclosures ( -- table 二: documents, decisions and money
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    item TEXT NOT NULL, -- what is counted, e.g. regulations, licensing, fees
    measure TEXT NOT NULL, -- which figure of it, e.g. issued, in_force, decisions, amount
    value REAL, -- the figure; empty where no number was read
    unit TEXT, -- unit of the value: 件 (count), 项 (items) or 元 (yuan); empty where the print leaves it open
    PRIMARY KEY (report, item, measure)
) STRICT;

CREATE TABLE applications ( -- table 三: requests by outcome (rows) and applicant (columns); requests, 件
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    position INTEGER NOT NULL, -- order of the row as printed
    outcome TEXT NOT NULL, -- the row, e.g. new, granted, refused.third_party, closed
    natural_person INTEGER, -- natural persons 自然人 (requests, 件)
    business INTEGER, -- businesses 商业企业 (requests, 件)
    research INTEGER, -- research institutions 科研机构 (requests, 件)
    nonprofit INTEGER, -- public-interest organisations 社会公益组织 (requests, 件)
    legal_service INTEGER, -- legal service organisations 法律服务机构 (requests, 件)
    other_organisation INTEGER, -- other organisations 其他 (requests, 件)
    total INTEGER, -- total 总计 as printed (requests, 件)
    PRIMARY KEY (report, outcome)
) STRICT;

CREATE TABLE disputes ( -- table 四: reconsiderations and lawsuits; cases, 件
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    channel TEXT NOT NULL, -- reconsideration, litigation_direct, litigation_after_reconsideration
    upheld INTEGER, -- result upheld 结果维持 (cases, 件)
    corrected INTEGER, -- result corrected 结果纠正 (cases, 件)
    other INTEGER, -- other result 其他结果 (cases, 件)
    pending INTEGER, -- not yet concluded 尚未审结 (cases, 件)
    total INTEGER, -- total 总计 as printed (cases, 件)
    PRIMARY KEY (report, channel)
) STRICT;

CREATE TABLE statistics ( -- the statistics table of the 2014 form
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    indicator TEXT NOT NULL, -- the row of the form, e.g. requests, answered.granted, reconsiderations.corrected
    value REAL, -- the figure; empty where no number was read
    unit TEXT, -- unit of the value: 条, 件, 次, 篇, 个, 人, 人次 (counts) or 元 (yuan); empty for money whose unit nothing tells
    PRIMARY KEY (report, indicator)
) STRICT;

CREATE TABLE labels ( -- the rows and columns of the official forms: what our names in the tables stand for
    form TEXT NOT NULL, -- edition of the form: 2014, 2019 or 2021
    table_name TEXT NOT NULL, -- disclosures, applications, disputes or statistics
    axis TEXT NOT NULL CHECK (axis IN ('row', 'column')), -- whether it heads a row or a column
    name TEXT NOT NULL, -- our name, as in the columns item, measure, outcome, channel and indicator, or the name of the column itself
    position INTEGER NOT NULL, -- order of the print
    zh TEXT NOT NULL, -- label as the form prints it, with the headings above it (zh)
    en TEXT NOT NULL, -- the same in English
    article TEXT, -- article of the Regulation (条例, State Council Order 711) that it rests on; empty where the form names none
    PRIMARY KEY (form, table_name, axis, name)
) STRICT;

CREATE TABLE cells ( -- the exceptional cells only: not a plain number, corrected, or flagged
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    table_name TEXT NOT NULL, -- disclosures, applications, disputes or statistics
    row_name TEXT NOT NULL, -- the row, by our name
    column_name TEXT, -- the column, by our name; empty where the whole row is meant
    class TEXT NOT NULL CHECK (class IN ('number', 'annotated', 'blank', 'not_applicable', 'text', 'unassigned')), -- what stands in the cell
    raw TEXT, -- as printed (of a plain figure that was corrected: what we had read); a JSON list where a whole row could not be assigned
    value REAL, -- the number read from it, or set by a correction, in the unit of the table
    unit TEXT, -- unit as printed
    note TEXT, -- remark printed beside the number
    confidence REAL, -- confidence of recognised text, 0 to 1; empty where the text is digital
    place TEXT, -- where in the document, as JSON
    reason TEXT -- why it is listed: rule ids, short_row or corrected
) STRICT;
CREATE INDEX cells_report ON cells(report);

CREATE TABLE derived ( -- values that arithmetic determines uniquely; never stand in place of the print
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    table_name TEXT NOT NULL, -- the table
    row_name TEXT NOT NULL, -- the row
    column_name TEXT NOT NULL, -- the column
    value REAL NOT NULL, -- the value that follows, in the unit of the table
    relation TEXT, -- the relation it follows from, in words
    assumed_zero INTEGER NOT NULL DEFAULT 0, -- 1 where a blank had to be taken as zero
    PRIMARY KEY (report, table_name, row_name, column_name)
) STRICT;

CREATE TABLE sections ( -- the text of a report by section
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    number INTEGER NOT NULL, -- 1 to 6 by its words; 0 for what stands before the first
    heading TEXT, -- heading as printed (zh)
    text TEXT NOT NULL -- text as printed (zh); private contacts as stars, the original has them
) STRICT;
CREATE INDEX sections_report ON sections(report);

CREATE TABLE passages ( -- what can be searched by its words: one row a title or section; titles first, then newest first
    id INTEGER PRIMARY KEY, -- running number, in the order of search results; rowid of the index passage_words
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    section INTEGER REFERENCES sections(id), -- the section; empty for the title
    number INTEGER, -- 1 to 6 by its words; 0 for what stands before the first; empty for the title
    year INTEGER, -- the calendar year reported on
    level TEXT, -- administrative level of the unit
    place TEXT REFERENCES divisions(code) -- the division the unit stands in
) STRICT;

-- Pairs of characters of every passage, without the text: MATCH zh_match('公开'). E-mail addresses, telephone numbers and
-- names of contacts are not in it. The second holds every character of a passage once, for words of one character.
CREATE VIRTUAL TABLE passage_words USING fts5(words, content='', tokenize='ascii');
CREATE VIRTUAL TABLE passage_chars USING fts5(words, content='', tokenize='ascii', detail=none);

CREATE TABLE statements ( -- figures stated in the prose
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    kind TEXT NOT NULL, -- what is counted, e.g. requests_received
    value REAL, -- the figure, in the unit beside it
    unit TEXT, -- measure word as printed; 元 for every amount, whose value is in yuan
    subject TEXT, -- what the figure is said of, as printed (zh)
    quote TEXT, -- the words it was read from (zh)
    place TEXT -- where in the document, as JSON
) STRICT;
CREATE INDEX statements_report ON statements(report);

CREATE TABLE contacts ( -- the contact printed in a report; mobile numbers, mailboxes outside gov.cn and names of persons are stars
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    field TEXT NOT NULL, -- unit, address, phone, postcode, email, website, fax
    value TEXT, -- as printed, what is private as stars
    PRIMARY KEY (report, field)
) STRICT;

CREATE TABLE findings ( -- what the rules have to say about reports
    id INTEGER PRIMARY KEY, -- running number
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    rule TEXT NOT NULL REFERENCES rules(id), -- the rule
    severity TEXT NOT NULL CHECK (severity IN ('error', 'warning', 'notice', 'info')), -- error, warning, notice or info
    origin TEXT NOT NULL CHECK (origin IN ('source', 'extraction', 'unknown')), -- who can be blamed: the source, our reading (extraction), or it cannot be told
    table_name TEXT, -- table of the cell it stands at
    row_name TEXT, -- row of the cell
    column_name TEXT, -- column of the cell
    message TEXT NOT NULL, -- the finding in words
    quote TEXT, -- the words or figures it rests on, as printed
    place TEXT, -- where in the document, as JSON
    left_value REAL, -- left side of the relation, in the unit of the table
    right_value REAL, -- right side of the relation, in the unit of the table
    delta REAL, -- difference of the two sides, in the unit of the table
    fingerprint TEXT NOT NULL, -- stable over rebuilds as long as document, rule, cell and figures stay; a review refers to it
    review TEXT NOT NULL DEFAULT 'open' CHECK (review IN ('open', 'confirmed', 'dismissed', 'resolved')), -- what a person decided about it; resolved: a corrected value settled it
    review_why TEXT, -- why, in words
    review_by TEXT, -- who
    review_at TEXT -- when, ISO 8601 UTC
) STRICT;
CREATE INDEX findings_report ON findings(report);
CREATE INDEX findings_rule ON findings(rule, review, report); -- a report's id begins with the code of its place
CREATE INDEX findings_severity ON findings(severity);
CREATE INDEX findings_fingerprint ON findings(fingerprint);

CREATE TABLE not_assessable ( -- checks over several reports whose operand is missing: neither passed nor failed
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    rule TEXT NOT NULL REFERENCES rules(id), -- the rule
    place TEXT NOT NULL, -- table, row and column it would have stood at, as JSON
    PRIMARY KEY (report, rule, place)
) STRICT;

CREATE TABLE corrections ( -- values set by a person after looking at the original; what was printed stays in cells
    id INTEGER PRIMARY KEY, -- line of data/corrections.csv that it stands in
    report TEXT, -- the report it belongs to now; empty where its document is not held
    document TEXT NOT NULL, -- digest of the document corrected; not a key, because it may not be held
    table_name TEXT NOT NULL, -- the table
    row_name TEXT NOT NULL, -- the row
    column_name TEXT NOT NULL, -- the column
    expected TEXT, -- what was read when it was made, as text; empty where nothing was
    value REAL, -- the value that stands in the original, in the unit of the table; empty where nothing legible does
    evidence TEXT NOT NULL, -- why, and where it can be seen
    made_by TEXT NOT NULL, -- who
    made_at TEXT NOT NULL, -- when, ISO 8601
    state TEXT NOT NULL CHECK (state IN ('applied', 'stale', 'superseded', 'not held')), -- applied; stale: we read something else now, so it was left out; superseded: its document was replaced by a newer version
    found TEXT, -- what was read there before it was applied, as text; empty where nothing was
    note TEXT -- why it was left out, in words; empty where it was applied
) STRICT;
CREATE INDEX corrections_report ON corrections(report);

CREATE TABLE reviews ( -- what people decided about findings; the newest decision counts
    id INTEGER PRIMARY KEY, -- line of data/reviews.csv that it stands in
    report TEXT NOT NULL, -- id of the report when it was decided; not a key, because a report may go
    rule TEXT NOT NULL, -- rule of the finding
    fingerprint TEXT NOT NULL, -- fingerprint of the finding
    verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'dismissed', 'open')), -- confirmed, dismissed or open again
    why TEXT NOT NULL, -- why, in words
    made_by TEXT NOT NULL, -- who
    made_at TEXT NOT NULL, -- when, ISO 8601
    found INTEGER NOT NULL -- 1 where the finding is still there
) STRICT;
CREATE INDEX reviews_finding ON reviews(fingerprint);

CREATE TABLE notes ( -- what agencies say about their reports; never in the place of a figure
    id INTEGER PRIMARY KEY, -- line of data/notes.csv that it stands in
    report TEXT NOT NULL, -- the report; not a key, because a report may go
    text TEXT NOT NULL, -- the note, in the agency's words
    source TEXT NOT NULL, -- who says so, and where it can be seen
    noted_on TEXT NOT NULL -- its date, ISO 8601
) STRICT;
CREATE INDEX notes_report ON notes(report);

-- Metrics and completeness

CREATE TABLE operands ( -- the figures that metrics are made of, one row a report; empty where no number was read
    report TEXT PRIMARY KEY REFERENCES reports(id), -- the report
    unit TEXT REFERENCES units(id), -- the unit that reports; empty while unresolved
    line TEXT, -- the earliest unit that it goes back to by renames, upgrades and transfers; empty while unresolved
    first INTEGER NOT NULL, -- 1 for the report that stands for its unit, year and scope; 0 for a further one, and for an unresolved unit
    addable INTEGER, -- 1 where its figures may be added to others of its scope: own figures, but no office's beside its government's own; aggregates of governments, level by level
    requests_new INTEGER, -- new requests (requests, 件)
    carried_in INTEGER, -- requests carried in (requests, 件)
    granted INTEGER, -- granted in full (requests, 件)
    partly_granted INTEGER, -- granted in part (requests, 件)
    refused_state_secret INTEGER, -- refused: state secrets (requests, 件)
    refused_other_law INTEGER, -- refused: prohibited by other law (requests, 件)
    refused_security_stability INTEGER, -- refused: security and stability (requests, 件)
    refused_third_party INTEGER, -- refused: third party (requests, 件)
    refused_internal INTEGER, -- refused: internal affairs (requests, 件)
    refused_deliberative INTEGER, -- refused: deliberative material (requests, 件)
    refused_enforcement_file INTEGER, -- refused: enforcement files (requests, 件)
    refused_registry_query INTEGER, -- refused: registry queries (requests, 件)
    unable_not_held INTEGER, -- cannot be provided: not held (requests, 件)
    unable_must_create INTEGER, -- cannot be provided: must create (requests, 件)
    unable_still_unclear INTEGER, -- cannot be provided: still unclear (requests, 件)
    unprocessed_petition INTEGER, -- not processed: petition (requests, 件)
    unprocessed_repeat INTEGER, -- not processed: repeat (requests, 件)
    unprocessed_publication INTEGER, -- not processed: publication (requests, 件)
    unprocessed_abusive INTEGER, -- not processed: abusive (requests, 件)
    unprocessed_reissue INTEGER, -- not processed: reissue (requests, 件)
    other_merged INTEGER, -- handled otherwise, where it is one row (form 2019) (requests, 件)
    other_no_correction INTEGER, -- handled otherwise: no correction (requests, 件)
    other_fee_unpaid INTEGER, -- handled otherwise: fee unpaid (requests, 件)
    other_else INTEGER, -- handled otherwise: else (requests, 件)
    closed INTEGER, -- closed, total (requests, 件)
    carried_out INTEGER, -- carried out (requests, 件)
    new_natural_person INTEGER, -- new, natural persons (requests, 件)
    new_business INTEGER, -- new, businesses (requests, 件)
    new_research INTEGER, -- new, research institutions (requests, 件)
    new_nonprofit INTEGER, -- new, public-interest organisations (requests, 件)
    new_legal_service INTEGER, -- new, legal service organisations (requests, 件)
    new_other_organisation INTEGER, -- new, other organisations (requests, 件)
    granted_natural_person INTEGER, -- granted, natural persons (requests, 件)
    granted_business INTEGER, -- granted, businesses (requests, 件)
    granted_research INTEGER, -- granted, research institutions (requests, 件)
    granted_nonprofit INTEGER, -- granted, public-interest organisations (requests, 件)
    granted_legal_service INTEGER, -- granted, legal service organisations (requests, 件)
    granted_other_organisation INTEGER, -- granted, other organisations (requests, 件)
    partly_granted_natural_person INTEGER, -- partly granted, natural persons (requests, 件)
    partly_granted_business INTEGER, -- partly granted, businesses (requests, 件)
    partly_granted_research INTEGER, -- partly granted, research institutions (requests, 件)
    partly_granted_nonprofit INTEGER, -- partly granted, public-interest organisations (requests, 件)
    partly_granted_legal_service INTEGER, -- partly granted, legal service organisations (requests, 件)
    partly_granted_other_organisation INTEGER, -- partly granted, other organisations (requests, 件)
    closed_natural_person INTEGER, -- closed, natural persons (requests, 件)
    closed_business INTEGER, -- closed, businesses (requests, 件)
    closed_research INTEGER, -- closed, research institutions (requests, 件)
    closed_nonprofit INTEGER, -- closed, public-interest organisations (requests, 件)
    closed_legal_service INTEGER, -- closed, legal service organisations (requests, 件)
    closed_other_organisation INTEGER, -- closed, other organisations (requests, 件)
    review_upheld INTEGER, -- reconsideration, upheld (cases, 件)
    review_corrected INTEGER, -- reconsideration, corrected (cases, 件)
    review_other INTEGER, -- reconsideration, other (cases, 件)
    review_pending INTEGER, -- reconsideration, pending (cases, 件)
    review_total INTEGER, -- reconsideration, total (cases, 件)
    direct_upheld INTEGER, -- litigation direct, upheld (cases, 件)
    direct_corrected INTEGER, -- litigation direct, corrected (cases, 件)
    direct_other INTEGER, -- litigation direct, other (cases, 件)
    direct_pending INTEGER, -- litigation direct, pending (cases, 件)
    direct_total INTEGER, -- litigation direct, total (cases, 件)
    after_upheld INTEGER, -- litigation after reconsideration, upheld (cases, 件)
    after_corrected INTEGER, -- litigation after reconsideration, corrected (cases, 件)
    after_other INTEGER, -- litigation after reconsideration, other (cases, 件)
    after_pending INTEGER, -- litigation after reconsideration, pending (cases, 件)
    after_total INTEGER, -- litigation after reconsideration, total (cases, 件)
    licensing_decisions REAL, -- licensing decisions (件)
    penalties_decisions REAL, -- penalties decisions (件)
    coercion_decisions REAL, -- coercion decisions (件)
    documents_issued REAL, -- normative documents issued (件)
    documents_repealed REAL, -- normative documents repealed (件)
    documents_in_force REAL, -- normative documents in force (件)
    documents_made REAL, -- normative documents newly made (form 2019) (件)
    fees_amount REAL, -- fees charged (yuan); only where the print tells the unit
    refused INTEGER, -- refused, all eight reasons (requests, 件)
    unable INTEGER, -- cannot be provided, all three reasons (requests, 件)
    unprocessed INTEGER, -- not processed, all five reasons (requests, 件)
    other INTEGER, -- handled otherwise, in one row or in three (requests, 件)
    received_online INTEGER, -- requests by network (requests, 件); form 2014 only
    closed_on_time INTEGER, -- requests closed on time (requests, 件); form 2014 only
    processing_fee REAL, -- processing fee told in section 六 (yuan); empty unless exactly one amount is stated
    days_late INTEGER, -- first publication after the deadline (days); negative before it, empty where either is not known
    sections INTEGER, -- of the six sections, those found by their words (count)
    sums_broken INTEGER, -- 1 where a sum of the form does not hold, 0 where all hold, empty where they cannot be assessed
    template_findings INTEGER NOT NULL DEFAULT 0, -- errors and warnings of rule groups S and T (count)
    errors INTEGER NOT NULL DEFAULT 0, -- findings of severity error that nobody dismissed (count)
    warnings INTEGER NOT NULL DEFAULT 0, -- findings of severity warning that nobody dismissed (count)
    notices INTEGER NOT NULL DEFAULT 0, -- findings of severity notice that nobody dismissed (count)
    like_last_year REAL, -- share of the text that last year's report has too (0 to 1)
    like_another REAL -- likeness to the most alike of the other units' texts of the year, from 0.8 on (0 to 1)
) STRICT;
CREATE INDEX operands_unit ON operands(unit);
CREATE INDEX operands_line ON operands(line);

CREATE TABLE metrics ( -- every metric: what it is, what it rests on, and why it is left out where it is
    id TEXT PRIMARY KEY, -- id of the metric, M1 to M37; what stands after the point is its variant
    metric TEXT NOT NULL, -- M1 to M37
    zh TEXT NOT NULL, -- name (zh)
    en TEXT NOT NULL, -- name (en)
    formula TEXT NOT NULL, -- how it is made, in the names of the table operands
    unit TEXT NOT NULL, -- unit of the value; a share lies between 0 and 1
    shape TEXT NOT NULL CHECK (shape IN ('ratio', 'count', 'difference', 'score', 'area', 'view')), -- ratio = numerator / denominator; count, difference and score are the numerator; area = over many reports, see area_values; view = a view of its own
    forms TEXT NOT NULL, -- the forms it applies to
    series TEXT NOT NULL CHECK (series IN ('joined', 'form', 'law2024')), -- joined = 2019 and 2021 are one series; form = a form is a series; law2024 = joined, but the law breaks it at 2024
    min_n INTEGER NOT NULL, -- below this n the value is flagged and no peers are counted
    operands TEXT, -- the operands, by name
    status TEXT NOT NULL CHECK (status IN ('implemented', 'out_of_scope')), -- implemented, or out_of_scope (see note)
    source TEXT, -- the law or notice it rests on, or who else computes it
    note TEXT -- what to know before it is used; why it is out of scope
) STRICT;

CREATE TABLE series ( -- what breaks a series: values with different series are never one line in a chart
    id TEXT PRIMARY KEY, -- name of the series, as in metric_values
    zh TEXT NOT NULL, -- what it is (zh)
    en TEXT NOT NULL, -- what it is (en)
    source TEXT NOT NULL -- the notice or law that began it
) STRICT;

CREATE TABLE metric_operands ( -- which cell an operand is, and which metrics use it
    metric TEXT NOT NULL REFERENCES metrics(id), -- the metric
    operand TEXT NOT NULL, -- column of the table operands
    table_name TEXT NOT NULL, -- table of the cell
    row_name TEXT NOT NULL, -- row of the cell
    column_name TEXT, -- column of the cell; empty where the table has one value a row
    PRIMARY KEY (metric, operand, table_name, row_name)
) STRICT;

CREATE TABLE operand_flags ( -- operands that are not plain: only these
    report TEXT NOT NULL REFERENCES reports(id), -- the report
    operand TEXT NOT NULL, -- column of the table operands
    flag TEXT NOT NULL, -- operand flagged (an error stands at its cell, row or column), operand corrected, operand derivable, or assumed zero (derivable only if blanks are zeros)
    PRIMARY KEY (report, operand, flag)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric_peers ( -- how a metric is spread among units of one level, kind and scope in one year
    metric TEXT NOT NULL REFERENCES metrics(id), -- the metric
    year INTEGER NOT NULL, -- the year reported on
    series TEXT NOT NULL REFERENCES series(id), -- the series
    level TEXT NOT NULL, -- administrative level
    kind TEXT NOT NULL, -- kind of the units
    scope TEXT NOT NULL, -- own, aggregate or unknown
    n INTEGER NOT NULL, -- units with a value that is neither flagged nor of small n (count)
    p10 REAL, -- a tenth of the units lies below, in the unit of the metric
    p25 REAL, -- a quarter of the units lies below, in the unit of the metric
    p50 REAL, -- the median, in the unit of the metric
    p75 REAL, -- a quarter of the units lies above, in the unit of the metric
    p90 REAL, -- a tenth of the units lies above, in the unit of the metric
    PRIMARY KEY (metric, year, series, level, kind, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE area_values ( -- metrics over many reports: by area, year, level, kind and scope
    metric TEXT NOT NULL REFERENCES metrics(id), -- the metric
    area TEXT NOT NULL, -- division code of the area; empty for all that is held
    year INTEGER NOT NULL, -- the year reported on
    level TEXT NOT NULL, -- level of the units counted
    kind TEXT NOT NULL, -- kind of the units counted
    scope TEXT NOT NULL, -- scope of the reports counted: own, aggregate, unknown; any where no figure of theirs is used
    series TEXT NOT NULL REFERENCES series(id), -- the series
    value REAL, -- the value, in the unit of the metric; empty where the denominator is 0 or an operand is missing
    n INTEGER NOT NULL, -- units or reports it rests on (count)
    numerator REAL, -- numerator
    denominator REAL, -- denominator
    flags TEXT, -- small n, operand missing, incomplete
    PRIMARY KEY (metric, area, year, level, kind, scope, series)
) STRICT, WITHOUT ROWID;
CREATE INDEX area_values_area ON area_values(area, metric, year);

CREATE TABLE deadlines ( -- by when a report is due: the row with the longest place, then the most specific, is the one
    id INTEGER PRIMARY KEY, -- running number in the file
    level TEXT, -- level of the unit; empty for every level
    kind TEXT, -- kind of the unit; empty for every kind
    place TEXT, -- division code of the place where it holds; empty for the whole country
    from_year INTEGER, -- first year reported on; empty without limit
    to_year INTEGER, -- last year reported on; empty without limit
    due TEXT, -- month and day of the year after the year reported on; empty where no report is required
    basis TEXT NOT NULL CHECK (basis IN ('law', 'notice', 'assumed')), -- law, a local notice, or assumed: no rule is known that names such units
    source TEXT NOT NULL -- the article or notice
) STRICT;

CREATE TABLE expected ( -- who should have published for which year, and what became of it
    unit TEXT NOT NULL REFERENCES units(id), -- the unit
    year INTEGER NOT NULL, -- the year to report on
    portal TEXT REFERENCES portals(slug), -- where it is expected, or was published; empty for an imported file
    state TEXT NOT NULL CHECK (state IN ('published', 'late', 'missing', 'not_required', 'merged', 'unreachable', 'found_unread')), -- published, late, missing (the portal was read after the deadline and has nothing of it), not_required, merged (the unit had ended), unreachable (the portal was not read without fault since the deadline) or found_unread (there, but not read or not attributed)
    deadline TEXT, -- due on, ISO 8601; empty where none is known
    published_on TEXT, -- first publication of any of its documents, ISO 8601; empty where no date is known
    days_late INTEGER, -- days from deadline to publication; negative before it
    basis TEXT, -- what the deadline rests on: law, notice, or assumed where no rule is known that names such units
    evidence TEXT NOT NULL, -- what the state rests on, in words
    PRIMARY KEY (unit, year)
) STRICT;
CREATE INDEX expected_portal ON expected(portal, year);
CREATE INDEX expected_state ON expected(state, year, unit);

-- Counts that pages show, so that no page has to count a million rows

CREATE TABLE finding_counts ( -- findings counted by place, rule, severity and what was decided about them
    place TEXT NOT NULL, -- division code of a place with all below it; empty for all that is held
    rule TEXT NOT NULL REFERENCES rules(id), -- the rule
    severity TEXT NOT NULL, -- error, warning, notice or info
    review TEXT NOT NULL, -- open, confirmed, dismissed or resolved
    findings INTEGER NOT NULL, -- findings (count)
    PRIMARY KEY (place, rule, severity, review)
) STRICT, WITHOUT ROWID;

CREATE TABLE expected_counts ( -- what became of the reports that were due, counted by place and year
    place TEXT NOT NULL, -- division code of a place with all below it; empty for all that is known
    year INTEGER NOT NULL, -- the year to report on
    state TEXT NOT NULL, -- as in expected
    units INTEGER NOT NULL, -- units (count)
    PRIMARY KEY (place, year, state)
) STRICT, WITHOUT ROWID;

CREATE TABLE national ( -- figures added up over reports that may be added; own and aggregate are never one sum
    scope TEXT NOT NULL, -- own: organs of all levels, their own figures; aggregate: county governments, each with all below it
    year INTEGER NOT NULL, -- the year reported on
    series TEXT NOT NULL REFERENCES series(id), -- the series
    figure TEXT NOT NULL, -- requests_new; granted, partly_granted, refused, unable, unprocessed, other and closed; review_corrected and review_decided
    value INTEGER, -- the sum over reports that print the figure and have no error at it (requests or cases, 件); empty where there is none
    reports INTEGER NOT NULL, -- reports added up (count): a larger sum may only mean more reports
    left_out INTEGER NOT NULL, -- reports of the same that lack the figure or have an error at it (count)
    PRIMARY KEY (scope, year, series, figure)
) STRICT, WITHOUT ROWID;

CREATE TABLE province_counts ( -- what is held by province
    province TEXT PRIMARY KEY REFERENCES divisions(code), -- division code of the province
    reports INTEGER NOT NULL, -- reports of all units in it (count)
    units INTEGER NOT NULL, -- units with a report (count)
    clean INTEGER NOT NULL, -- reports without an error or a warning (count)
    first_year INTEGER, -- first year reported on
    last_year INTEGER -- last year reported on
) STRICT, WITHOUT ROWID;

CREATE TABLE area_sums ( -- requests by reason for refusing and by kind of applicant, added up by area; own and aggregate are never one sum
    area TEXT NOT NULL, -- division code from province to county, with all below it; empty for the country
    year INTEGER NOT NULL, -- the year reported on
    scope TEXT NOT NULL, -- scope of the reports added up; of aggregate ones only those of governments
    level TEXT NOT NULL, -- level of the units: aggregate figures of one level hold those of the levels below
    figure TEXT NOT NULL, -- refused_… for a reason, new_… for a kind of applicant, as in operands
    value INTEGER, -- the sum (requests, 件); empty where no report has the figure
    reports INTEGER NOT NULL, -- reports added up (count)
    left_out INTEGER NOT NULL, -- reports that lack the figure or have an error at it (count)
    PRIMARY KEY (area, year, scope, level, figure)
) STRICT, WITHOUT ROWID;
