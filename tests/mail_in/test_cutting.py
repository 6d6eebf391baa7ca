"""What somebody wrote is parted from what they answer, as programs write that in the languages that Cairn speaks."""

import pytest

from webapp.mail_in.cutting import own_words

QUOTED = "> It moves.\n>\n> Look.\n"
UNMARKED = "It moves.\n\nLook at the stone:\n - it moves\n"
# What Gmail, Apple Mail, Thunderbird and others write when they answer; a line may be broken.
DATED = [
    "On Sat, 28 Nov 2026 at 09:58, Ada (Cairn) <cairn@in.test> wrote:",
    "On Sat, 28 Nov 2026 at 09:58, Ada Lovelace of the engine (Cairn)\n<cairn+0123456789abcdef@in.test> wrote:",
    "On Saturday, November 28, 2026 at 09:58:12 AM GMT+1, Ada <cairn@in.test> wrote:",
    "Am Sa., 28. Nov. 2026 um 09:58 Uhr schrieb Ada (Cairn) <cairn@in.test>:",
    "Am 28.11.2026 um 09:58 schrieb Ada (Cairn)\n<cairn@in.test>:",
    "Le sam. 28 nov. 2026 à 09:58, Ada (Cairn) <cairn@in.test> a écrit\xa0:",
    "Le 28 nov. 2026 à 09:58, Ada (Cairn) <cairn@in.test> a\nécrit :",
    "El sáb, 28 nov 2026 a las 9:58, Ada (Cairn) (<cairn@in.test>) escribió:",
    "2026年11月28日(土) 9:58 Ada (Cairn) <cairn@in.test>:",
    "2026/11/28 9:58、Ada (Cairn) <cairn@in.test>のメール：",
    "\u200fفي السبت، 28 نوفمبر 2026 في 9:58 ص تمت كتابة ما يلي بواسطة \u202aAda (Cairn)\u202c\u200f <\u202acairn@in.test\u202c\u200f>:\u200f",
    "في ٢٨ نوفمبر ٢٠٢٦، الساعة ٩:٥٨ ص، كتب/كتبت Ada (Cairn) <cairn@in.test>:",
    "On Nov 28, 2026, at 9:58 AM, Ada (Cairn) <cairn@in.test<mailto:cairn@in.test>> wrote:",
    "On 28 Nov 2026, at 9:58 pm, Julia May <julia@in.test> wrote:",
    'Am 28. November 2026 09:58:12 MEZ schrieb "Ada (Cairn)" <cairn@in.test>:',
    "Am Samstag, dem 28. November 2026 um 09:58 hat Ada <cairn@in.test> Folgendes geschrieben:",
    "Le samedi 28 novembre 2026 à 09h58 UTC+1, Ada <cairn@in.test> a écrit :",
    "El 28 de noviembre de 2026 a las 9:58 a. m., Ada <cairn@in.test> escribió:",
]
# Of some there is neither an hour nor an address.
WITH_DAY = [
    "On Monday Ada wrote:", "On Monday, Ada Lovelace (Cairn) wrote:", "Am Montag schrieb Ada:", "Am Montag schrieb Ada (Cairn):",
    "Le lundi, Ada a écrit :", "El lunes, Ada escribió:", "في الاثنين، كتبت Ada:", "On 28/11/2026 Ada wrote:",
]  # fmt: skip
WITH_NAME = [
    "Ada wrote:",
    "Ada (Cairn) writes:",
    "Ada schrieb:",
    "Ada a écrit :",
    "Ada escribió:",
    "Adaさんは書きました：",
    "كتب Ada:",
]
HEADS = [
    "From: Ada (Cairn)\nSent: Saturday, November 28, 2026 9:58 AM\nTo: Bob\nSubject: WALL-1 A stone",
    "-----Ursprüngliche Nachricht-----\nVon: Ada (Cairn) <cairn@in.test>\nGesendet: Samstag, 28. November 2026 09:58\nAn: Bob",
    "Von: Ada (Cairn)\nDatum: Samstag, 28. November 2026 um 09:58\nAn: Bob\nBetreff: WALL-1 A stone",
    "De : Ada (Cairn)\nEnvoyé : samedi 28 novembre 2026 09:58\nÀ : Bob\nObjet : WALL-1 A stone",
    "De: Ada (Cairn)\nEnviado el: sábado, 28 de noviembre de 2026 9:58\nPara: Bob\nAsunto: WALL-1 A stone",
    "差出人: Ada (Cairn)\n送信日時: 2026年11月28日土曜日 9:58\n宛先: Bob\n件名: WALL-1 A stone",
    "Van: Ada (Cairn) <cairn@in.test>\nVerzonden: zaterdag 28 november 2026 09:58\nAan: Bob\nOnderwerp: WALL-1",
    "From: Ada [mailto:cairn@in.test]\nSent: 28 November 2026 09:58\nTo: Bob",
    "De: cairn@in.test\nEnviado: sábado, 28 de noviembre de 2026 9:58\nPara: Bob\nAsunto: WALL-1",
    "________________________________\nDe : Ada\nEnvoyé : samedi 28 novembre 2026 09h58\nÀ : Bob\nObjet : WALL-1",
    "差出人：Ada (Cairn) <cairn@in.test>\n送信日時：2026年11月28日 9:58\n宛先：Bob",
    "\u200fمن: Ada (Cairn)\n\u200fتاريخ الإرسال: السبت، 28 نوفمبر 2026 9:58\n\u200fإلى: Bob\n\u200fالموضوع: WALL-1 A stone",
]
# What people write that looks like it, and has to stay.
WRITTEN = [
    "On Monday Ada wrote: the server is down.\n\nIt is up again.",
    "On Monday Ada wrote: the server\nis down, and so it was.\n\nOn Tuesday it was up.",
    "On Monday Ada wrote:\n\nthe server is down\n\nIt is up again.",
    "Seen.\n\nOn Monday Ada wrote: the server is down.",
    "Seen.\n\nOn Monday Ada wrote:\nthe server is down\n\nIt is up again.",
    "Seen.\n\nOn 2026-11-28 the server wrote:\n\n2026-11-28 09:58 down",
    "Seen.\n\nAm Montag schrieb der Server:\n\nAusgefallen.",
    "Seen.\n\nAda wrote:\n\nthe server is down",
    "I asked bob@example.org, and on Monday he wrote:\n\nIt is down.",
    "Seen.\n\nI asked bob@example.org, and he wrote:\n\nIt is down.",
    "From: the wall\nTo: the stone\nSubject to: change",
    "Three of them:\n\n- one\n- two",
    "Hello.\n\nOn Sat, 28 Nov 2026 at 09:58, Ada <cairn@in.test> wrote:\n> Which of them?\nThe third.",
    "Hello.\n\nOn Sat, 28 Nov 2026 at 09:58, Ada <cairn@in.test> wrote:\n\n> Which of them?\n\nThe third.",
    "> Ada <ada@example.org> wrote:\n>\n> It moves.\n\nIt does.",
    "Hello,\n\nthe mail server says\n\n2026-11-30 14:05:01 relay to <bob@example.org> refused:\n550 no such user\n\n"
    "Please look into it, it is urgent.",
    "It failed again.\n\nI asked on 30 November 2026 at 14:05 Bob (bob@example.org) and he told me:\nrestart it\n\n"
    "But it still fails.",
    "I looked.\n\nAs Ada <ada@example.org> wrote:\n\nthe bolt is loose. I tightened it.",
    "Steps\n\nFrom: Berlin\nDate: 1 May\nTo: Paris\n\nThe train does not show up.",
]
# Where nothing marks it as quoted, so does all that only resembles what a program writes. Each has more below it.
LIKE_IT = [
    "2026-11-30 14:05:01 relay to <bob@example.org> refused:\n550 no such user",
    "2026-11-30 14:05:01 Relay <bob@example.org>:\n550 no such user",
    "2026-11-30 14:05:01 RCPT TO <bob@example.org>:\n\n550 no such user",
    "On 30 November 2026 at 14:05 the server <mail@example.org> wrote:\n550 no such user",
    "I asked on 30 November 2026 at 14:05 Bob (bob@example.org) and he told me:\nrestart it",
    "On 30 November 2026 at 14:05 I asked Bob <bob@example.org>, who wrote:\nrestart it",
    "On 30 November 2026 at 14:05 I <bob@example.org> wrote:\nrestart it",
    "On 30 November 2026 at 14:05 Bob <bob@example.org> wrote to Ada <ada@example.org>:\nrestart it",
    "As Ada <ada@example.org> wrote:\n\nthe bolt is loose.",
    "Ada <ada@example.org> wrote:\n\nthe bolt is loose.",
    "On Monday I wrote:\n\nthe bolt is loose.",
    "On Monday, after the storm, Ada wrote:\n\nthe bolt is loose.",
    "On Monday Ada <ada@example.org> wrote:\nthe bolt is loose.",
    "Am 30. November 2026 um 14:05 fragte ich Bob <bob@example.org>, der schrieb:\nstarte neu",
    "Am 30. November 2026 um 14:05 schrieb ich an Bob <bob@example.org>:\nstarte neu",
    "Am 30.11.2026 um 14:05 meldete der Server für <bob@example.org>:\n550 gibt es nicht",
    "Wie Ada <ada@example.org> schrieb:\n\ndie Schraube ist lose.",
    "Am Montag schrieb mir Ada dazu:\n\ndie Schraube ist lose.",
    "Le 30 novembre 2026 à 14:05, j’ai demandé à Bob <bob@example.org> qui a écrit :\nredémarrez",
    "Le 30 novembre 2026 à 14:05 le serveur <mail@example.org> a écrit :\n550 inconnu",
    "Comme Ada <ada@example.org> a écrit :\n\nle boulon est lâche.",
    "El 30 de noviembre de 2026 a las 14:05 pregunté a Bob <bob@example.org> y escribió:\nreinicia",
    "Como Ada <ada@example.org> escribió:\n\nel perno está flojo.",
    "2026年11月30日 14:05にBob <bob@example.org>に聞きました：\n再起動してください",
    "2026年11月30日 14:05 Bob <bob@example.org> に聞いた：\n再起動してください",
    "Ada <ada@example.org> さんは書きました：\n\nボルトが緩い。",
    "في 30 نوفمبر 2026 الساعة 14:05 سألت Bob <bob@example.org> فقال:\nأعد التشغيل",
    "كما كتب Ada <ada@example.org>:\n\nالمسمار مرتخ.",
    "يوم الاثنين كتبت لهم:\n\nالمسمار مرتخ.",
    "From: Berlin\nDate: 1 May\nTo: Paris",
    "From: Berlin\nDate: 1 May 14:05\nTo: Paris",
    "From: Berlin\nDate: 1 May\nTo: Paris\nSubject: trains",
    "Von: Berlin\nDatum: 1. Mai, 14:05\nNach: Paris",
    "De : Berlin\nDate : 1er mai 14h05\nÀ : Paris",
    "De: Berlín\nFecha: 1 de mayo, 14:05\nA: París",
    "差出人: Ada\n日付: 5月1日\n宛先: Bob",
    "من: برلين\nالتاريخ: 1 مايو 14:05\nإلى: باريس",
    "Name: Ada\nMail: ada@example.org\nPhone: 123",
    "Name: Ada Lovelace <ada@example.org>\nPhone: 123\nRoom: 5",
    "Envelope: <ada@example.org>\nTime: 14:05\nError: 550 no such user",
    "User: ada@example.org\nTime: 14:05\nError: 550 no such user",
    "--- Steps ---\nFrom: Berlin\nDate: 1 May\nTo: Paris",
    "--- Log ---\nUser: ada@example.org\nTime: 14:05\nError: 550 no such user",
]
PHRASES = [
    "I tried what Ada wrote:",
    "Das ist, was Ada gestern dazu im Forum schrieb:",
    "On the phone Ada wrote:",
    "Look here:",
]


@pytest.mark.parametrize("attribution", [*DATED, *WITH_DAY, *WITH_NAME])
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_what_is_quoted_goes_with_the_line_that_says_whose_it_is(attribution, between):
    assert own_words(f"Seen.\n\nBob\n\n{attribution}{between}{QUOTED}") == "Seen.\n\nBob"


@pytest.mark.parametrize("attribution", DATED)
@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_so_it_does_where_nothing_marks_it_but_an_address(attribution, between):
    assert own_words(f"Seen.\n\n{attribution}{between}{UNMARKED}") == "Seen."


@pytest.mark.parametrize("attribution", WITH_DAY)
def test_or_a_day_and_a_name_that_stand_alone(attribution):
    assert own_words(f"Seen.\n\n{attribution}\n\n{UNMARKED}") == "Seen."


@pytest.mark.parametrize("head", HEADS)
def test_the_head_of_a_mail_begins_what_is_quoted(head):
    assert own_words(f"Seen.\n\n{head}\n\n{UNMARKED}") == "Seen."


@pytest.mark.parametrize("text", WRITTEN)
def test_what_somebody_wrote_stays(text):
    assert own_words(text) == text


@pytest.mark.parametrize("like", LIKE_IT)
def test_so_does_what_is_like_a_quotation_with_what_is_below(like):
    text = f"It failed again.\n\n{like}\n\nPlease look into it."
    assert own_words(text) == text


@pytest.mark.parametrize("phrase", PHRASES)
def test_a_sentence_above_a_quotation_stays(phrase):
    assert own_words(f"Seen.\n\n{phrase}\n{QUOTED}").startswith(f"Seen.\n\n{phrase}")


@pytest.mark.parametrize(
    "line", ["Sent from my iPhone", "iPhoneから送信", "أرسلت من الـ iPhone", "\u200fأرسلت من iPhone"]
)
def test_what_a_telephone_adds_goes(line):
    assert own_words(f"Seen.\n\n{line}") == "Seen."
