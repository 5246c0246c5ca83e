"""The best few households for what somebody typed, and how many there are (S05): plain SQL that only reads indexes.

Words that few households fit (a number, a date, a postcode) are looked up first, and the others only tried on those.
Names alone are the hard case, since a common one fits tens of thousands. One name is read from `SearchWord` in the
order in which it is shown, and only when too few names begin with it the trigrams say who has it inside. Several
names are crossed in the trigram index. Nothing reads or counts further than `MOST_COUNTED`.
"""

from dataclasses import dataclass, field

from django.db import connection

from casework.households.models.search import BEGINS, INSIDE_FROM, Rank, SearchTerm, keys_of, like_literal

# S05: at most eight, then the way to all of them.
MOST_SHOWN = 8
# There may be more; nobody reads so many.
MOST_COUNTED = 1000
# Words read to show a few households: one household may have several that begin alike.
_WORDS_READ = 8 * MOST_SHOWN
# No household has so many words that begin alike that this many are of fewer than MOST_COUNTED.
_WORDS_COUNTED = 3 * MOST_COUNTED


@dataclass(frozen=True)
class Found:
    """Keys of the best households, the best first, and how many fit: MOST_COUNTED + 1 means more than that."""

    keys: list[int] = field(default_factory=list)
    number: int = 0

    @property
    def is_more(self) -> bool:
        return self.number > MOST_COUNTED


def quick_find(terms: list[SearchTerm]) -> Found:
    """Households that every term fits: open ones first, then by rank, then by name (S05, R-50).

    Of more than MOST_COUNTED that only have it inside a name, the best of those that were read. Four queries at most.
    """
    if not terms or not all(term.fits for term in terms):
        return Found()
    narrow = [term for term in terms if term.is_narrow]
    if narrow:
        return _ranked(*keys_of(narrow[0].fits), terms)
    return _one(terms[0]) if len(terms) == 1 else _several(terms)


_RANKED = """
with candidate as materialized ({candidates}),
ranked as (
  select household.id, household.closed_on is not null as closed, household.sort_name,
         least({ranks}) as best, {total} as total
  from candidate join casework_household household on household.id = candidate.id
  cross join lateral (select {fits} offset 0) fit
  where {all_fit}
)
select id, closed, best, count(*) over () from ranked order by closed, best, total, sort_name, id limit {most}
"""


def _rows(sql: str, params: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _rank_rows(candidates: str, params: list, terms: list[SearchTerm]) -> list[tuple]:
    """(key, closed, rank, number) of the best of some candidates, ranked by every term."""
    names = [f"rank{at}" for at in range(len(terms))]
    fits, fit_params = [], []
    for name, term in zip(names, terms, strict=True):
        whens = " ".join(f"when {fit.row} then {fit.rank:d}" for fit in term.fits)
        fits.append(f"case {whens} end as {name}")
        fit_params += [one for fit in term.fits for one in fit.row_params]
    sql = _RANKED.format(
        candidates=candidates, ranks=", ".join(names), total=" + ".join(names), fits=", ".join(fits),
        all_fit=" and ".join(f"{name} is not null" for name in names), most=MOST_SHOWN,
    )  # fmt: skip
    return _rows(sql, [*params, *fit_params])


def _ranked(keys: str, params: list, terms: list[SearchTerm]) -> Found:
    rows = _rank_rows(f"select distinct id from ({keys}) found (id)", params, terms)
    return Found([row[0] for row in rows], rows[0][3] if rows else 0)


# One word


_BEGINS = f"""
(select household_id, closed, word, sort_name from casework_searchword
 where not closed and word like %s order by word, sort_name, household_id limit {_WORDS_READ})
union all
(select household_id, closed, word, sort_name from casework_searchword
 where closed and word like %s order by word, sort_name, household_id limit {_WORDS_READ})
"""
_COUNT_BEGINS = f"""
select count(*) from (
  select household_id from (
    select household_id from casework_searchword where closed in (false, true) and word like %s limit {_WORDS_COUNTED}
  ) read
  union {{others}}
) every
"""
_HOLDS = f"""
with holder as materialized (
  select household.id, household.closed_on is not null as closed, household.sort_name
  from casework_household household where household.search_name like %s
),
read as (select * from holder limit {MOST_COUNTED + 1})
select id, closed, {Rank.NAME_HOLDS:d}, count(*) over () from read order by closed, sort_name, id limit %s
"""


def _one(term: SearchTerm) -> Found:
    """One name, or one year (which may be the end of a number too)."""
    text = term.folded or term.year
    if not text:
        return _capped(term)
    like = f"{like_literal(text)}%"
    hits = [(key, closed, _begin_rank(term, word)) for key, closed, word, _name in _rows(_BEGINS, [like, like])]
    others, params = keys_of([fit for fit in term.fits if not fit.wide])
    if params:
        hits += [row[:3] for row in _rank_rows(f"select id from ({others}) found (id)", params, [term])]
    number = min(_rows(_COUNT_BEGINS.format(others=others), [like, *params])[0][0], MOST_COUNTED + 1)
    enough = sum(not closed for _key, closed, _rank in hits) >= MOST_SHOWN and number > MOST_COUNTED
    if term.folded and len(text) >= INSIDE_FROM and not enough:
        inside = _rows(_HOLDS, [f"%{like_literal(text)}%", _WORDS_READ + MOST_SHOWN])
        hits += [row[:3] for row in inside]
        number = inside[0][3] if inside else number
    return Found(_best(hits), number)


def _begin_rank(term: SearchTerm, word: str) -> Rank:
    if term.year:
        return Rank.BORN
    return Rank.NAME if word == term.folded else Rank.NAME_BEGINS


def _best(hits: list[tuple]) -> list[int]:
    """The first keys, open ones before closed, each once; what stood in order stays in order within a rank."""
    ordered = sorted(hits, key=lambda hit: (hit[1], hit[2]))
    return list(dict.fromkeys(key for key, _closed, _rank in ordered))[:MOST_SHOWN]


def _capped(term: SearchTerm) -> Found:
    """The beginning of a case number: as many as are counted, ranked. A merged household has several numbers."""
    keys = " union ".join(f"({fit.keys} limit {2 * MOST_COUNTED})" for fit in term.fits)
    params = [param for fit in term.fits for param in fit.keys_params]
    return _ranked(f"select distinct id from ({keys}) every (id) limit {MOST_COUNTED + 1}", params, [term])


# Several words, all of names or years


def _several(terms: list[SearchTerm]) -> Found:
    rows = _rank_rows(*_crossed(terms), terms)
    if not rows:
        return Found()
    if rows[0][3] <= MOST_COUNTED:
        return Found([row[0] for row in rows], rows[0][3])
    # More than were read: those who have every word whole come first, whichever were read.
    whole: list[tuple] = []
    if all(term.folded or term.year for term in terms):
        words = _rarest_first(terms)
        whole = _whole_words(words, closed=False)
        if len({row[0] for row in (*whole, *rows) if not row[1]}) < MOST_SHOWN:
            whole += _whole_words(words, closed=True)
    return Found(_best([*whole, *(row[:3] for row in rows)]), MOST_COUNTED + 1)


def _crossed(terms: list[SearchTerm]) -> tuple[str, list]:
    """Households with every word in a name, crossed in the trigram index, no more than are counted.

    What a year may be besides is added: few households, which the other words sift.
    """
    conditions, params = [], []
    for term in terms:
        text = like_literal(term.folded or term.year)
        if len(term.folded) >= INSIDE_FROM:
            conditions.append("household.search_name like %s")
            params.append(f"%{text}%")
        elif text:
            conditions.append(BEGINS)
            params += [f"{text}%", f"% {text}%"]
        else:
            conditions.append("(" + " or ".join(fit.row for fit in term.fits) + ")")
            params += [one for fit in term.fits for one in fit.row_params]
    others, other_params = keys_of([fit for one in terms for fit in one.fits if not fit.wide])
    sql = f"""
    select id from (with every as materialized (
      select household.id from casework_household household where {" and ".join(conditions)}
    ) select id from every limit {MOST_COUNTED + 1}) read
    union {others}
    """
    return sql, [*params, *other_params]


def _rarest_first(terms: list[SearchTerm]) -> list[tuple[str, str]]:
    """What each word must be, as a condition and its parameter; the one that fewest households have comes first."""
    words = [("word = %s", term.folded) if term.folded else ("word like %s", f"{term.year}%") for term in terms]
    counts = " union all ".join(
        f"select count(*) from (select from casework_searchword where closed in (false, true) and {condition}"
        f" limit {_WORDS_COUNTED}) read"
        for condition, _param in words
    )
    numbers = [number for (number,) in _rows(counts, [param for _condition, param in words])]
    return [word for _number, word in sorted(zip(numbers, words, strict=True), key=lambda one: one[0])]


def _whole_words(words: list[tuple[str, str]], *, closed: bool) -> list[tuple]:
    """Who has every name as a word of its own, by name: read along the index of the rarest word until there are enough."""
    (first, param), *others = words
    # With a limit of their own these stay what they are: one look in the index per household, in order, until enough.
    also = "".join(
        f" cross join lateral (select from casework_searchword"
        f" where household_id = rarest.household_id and {condition} limit 1) other{at}"
        for at, (condition, _param) in enumerate(others)
    )
    sql = f"""
    select rarest.household_id, rarest.closed, {Rank.NAME:d} from casework_searchword rarest {also}
    where rarest.closed = %s and rarest.{first}
    order by rarest.word, rarest.sort_name, rarest.household_id limit {MOST_SHOWN}
    """
    return _rows(sql, [*(param for _condition, param in others), closed, param])
