"""The words that households are found by, spread out so that an index answers at once (S05, R-51)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchWord(models.Model):
    """One folded word, or date of birth as `19840517`, of one household.

    A trigger keeps these rows from `Household.search_name`, whoever writes that; nothing else does. `closed` and
    `sort_name` are copies, so that the index holds open before closed, by word, by name: the order of quick find.
    """

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="words", db_index=False
    )
    # Compared byte by byte: what begins with some letters is one stretch of the index.
    word = models.CharField(_("word"), max_length=100, db_collation="C")
    closed = models.BooleanField(_("closed"))
    sort_name = models.CharField(max_length=200)

    class Meta:
        verbose_name = _("search word")
        verbose_name_plural = _("search words")
        ordering = ["closed", "word", "sort_name", "household"]
        constraints = [models.UniqueConstraint(fields=["household", "word"], name="search_word_once")]
        indexes = [models.Index(fields=["closed", "word", "sort_name", "household"], name="search_word_in_order")]

    def __str__(self):
        return self.word
