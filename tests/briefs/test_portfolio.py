"""What the page of a mix says, and its files after it."""

from observatory.briefs.portfolio import portfolio
from observatory.export.documents.mine import document_of_mix
from observatory.language import Speaker
from observatory.mix import Mix
from observatory.outlook.outlook import Outlook
from observatory.outlook.portfolio import parts
from observatory.selection import Selection


def test_two_that_weigh_the_same_are_not_ranked(outlook: Outlook) -> None:
    """Parts of the risk that the table writes alike are said to be level, both named, on the page and in its files."""
    chosen, speaker = Selection(lang="fr"), Speaker("fr")
    level = 0
    for share in range(20, 80):
        mix = Mix({"helicopters": share, "space": 100 - share})
        one, two = parts(outlook.joint, mix.whole, {}, chosen.horizon)
        document = document_of_mix(outlook, chosen, mix, "https://observatory.example")
        for said in (portfolio(outlook, chosen, mix, speaker).under, document.under):
            text = " ".join(said)
            tied = speaker.share(one.risk) == speaker.share(two.risk)
            assert ("à égalité\u00a0: " in text) == tied
            assert ("Votre plus grande dépendance" in text) != tied
            if tied:
                level += 1
                assert "Hélicoptères" in text
                assert "Spatial" in text
    assert level


def test_the_edition_is_said_once_in_a_section(outlook: Outlook, speaker: Speaker) -> None:
    """Every sheet, slide and page of a file names the edition: no section of the mix names it as its source too."""
    mix = Mix({"helicopters": 60, "space": 40}, 4_000_000, {}, "2007-12")
    document = document_of_mix(outlook, Selection(lang=speaker.language), mix, "https://observatory.example")
    assert {"change", "shocks"} <= {row.id for row in document.sections}
    assert document.edition not in {row.source for row in document.sections}
