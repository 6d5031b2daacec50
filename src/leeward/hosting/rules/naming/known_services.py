"""Services that people name in reports: how they are written, what a link there names, and where the service itself takes
reports. Data only; read by `service_names.py`, `service_links.py` and `queries.where_services_take_reports`.

`forms` are the ways people write the name, misspelt ones and those of the shipped languages included, between commas; a
form with a space is also recognised without it. `weak` are forms that are ordinary words too: they count only right
before or after a name. `number` says what a number beside the name is: a telephone number, or a player's.
`people` and `groups` are links, {} stands for the name. `report` and `safety` are pages of the service.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

# When the links were compiled. Nobody opened them then: they are shown with this day, as not confirmed.
LINKS_OF = date(2026, 11, 27)
type NumberMeans = Literal["", "phone", "player"]


@dataclass(frozen=True, slots=True)
class Service:
    """One service, as described above."""

    name: str
    forms: str
    weak: str = ""
    number: NumberMeans = ""
    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    report: str = ""
    safety: str = ""
    is_game: bool = False
    pays: bool = False


_META = "https://www.facebook.com/help/reportlinks"

SERVICES: tuple[Service, ...] = (
    Service(
        "Facebook",
        "facebook, fb, fcb, f b, facebok, faceboook, facbook, facebuk, fesibuku, fesibuki, feisipuka, fesipuka, feisibuka,"
        "फेसबुक, एफबी, ফেসবুক, ফেবু, এফবি, ফেইসবুক, فیس بک, ایف بی",
        weak="face, meta",
        people=("facebook.com/{}", "facebook.com/people/{}/", "fb.com/{}", "fb.me/{}"),
        groups=("facebook.com/groups/{}", "fb.com/groups/{}"),
        report=_META,
        safety="https://www.facebook.com/safety",
    ),
    Service(
        "Messenger",
        "messenger, fb messenger, facebook messenger, mesenger, messanger, fb msngr, मैसेंजर, मेसेंजर, মেসেঞ্জার, ম্যাসেঞ্জার, میسنجر",
        people=("m.me/{}", "messenger.com/t/{}"),
        groups=("m.me/j/{}",),
        report=_META,
        safety="https://www.facebook.com/safety",
    ),
    Service(
        "Instagram",
        "instagram, insta, ig, i g, instagramu, instagran, instagrem, instergram, insagram, instegram, insta gram, initakalama,"
        "inisitakalami, इंस्टाग्राम, इंस्टा, इन्स्टाग्राम, इन्स्टा, ইনস্টাগ্রাম, ইনস্টা, ইন্সটাগ্রাম, ইন্সটা, ইন্সটাগ্ৰাম, انسٹاگرام,"
        "انسٹا, انسٹا گرام",
        people=("instagram.com/{}", "instagr.am/{}", "ig.me/m/{}"),
        report="https://help.instagram.com/",
        safety="https://about.instagram.com/safety",
    ),
    Service("Threads", "threads app, threads net", weak="threads", people=("threads.net/{}", "threads.com/{}"),
            report="https://help.instagram.com/", safety="https://about.instagram.com/safety/threads"),
    Service(
        "WhatsApp",
        "whatsapp, whats app, watsapp, watsap, whatapp, whatsap, whats ap, wasap, wasapp, watsapu, whatsup, wassap, wapp, wats app,"
        "whatsup app, wsp, whatsapps, zap, zapzap, whatzapp, uatsap, uotisapi, व्हाट्सएप, व्हाट्सऐप, वॉट्सऐप, वॉट्सएप, व्हाट्सअप,"
        "वाट्सएप, वाट्सएप्प, हवाट्सएप, হোয়াটসঅ্যাপ, হোয়াটসএপ, ওয়াটসঅ্যাপ, হোয়াটস অ্যাপ, হোয়াট্সঅ্যাপ, হোয়াটসএ্যাপ, واٹس ایپ, واٹس اپ,"
        "وٹس ایپ, وٹس اپ, واٹساپ",
        weak="wa, w a, whats, ws, wp",
        number="phone",
        people=("wa.me/{}", "api.whatsapp.com/send?phone={}", "whatsapp.com/send?phone={}"),
        groups=("chat.whatsapp.com/{}", "chat.whatsapp.com/invite/{}", "whatsapp.com/channel/{}"),
        report="https://faq.whatsapp.com",
        safety="https://faq.whatsapp.com/general/security-and-privacy/staying-safe-on-whatsapp",
    ),
    Service(
        "Snapchat",
        "snapchat, snap chat, snap, snapchap, snepchat, snapcht, snapchatt, sanpchat, snapkiat, स्नैपचैट, स्नैप चैट, स्नैप, স্ন্যাপচ্যাট,"
        "স্ন্যাপ, স্নাপচ্যাট, স্ন্যাপ চ্যাট, سنیپ چیٹ, سنیپ, اسنیپ چیٹ",
        weak="sc",
        people=("snapchat.com/add/{}", "snapchat.com/{}"),
        report="https://help.snapchat.com/hc/en-us/articles/7012399221652-How-do-I-report-abuse-or-illegal-content-on-Snapchat",
        safety="https://values.snap.com/safety/safety-center",
    ),
    Service(
        "TikTok",
        "tiktok, tik tok, tictok, tik tock, tictoc, ticktok, tiktock, tiktoku, tok tok, musically, टिकटॉक, टिक टॉक, টিকটক, টিক টক,"
        "ٹک ٹاک",
        weak="tt",
        people=("tiktok.com/{}",),
        report="https://support.tiktok.com/en/safety-hc/report-a-problem",
        safety="https://www.tiktok.com/safety",
    ),
    Service(
        "YouTube",
        "youtube, you tube, yt, utube, youtub, yutub, यूट्यूब, यु ट्यूब, यूटूब, ইউটিউব, ইউ টিউব, یوٹیوب, یو ٹیوب",
        people=("youtube.com/{}", "youtube.com/c/{}", "youtube.com/user/{}", "youtube.com/channel/{}"),
        report="https://support.google.com/youtube/answer/2802027",
        safety="https://support.google.com/youtube/answer/2801999",
    ),
    Service(
        "X",
        "twitter, twiter, twitr, x twitter, twitter x, tuita, tuitā, ट्विटर, টুইটার, ٹوئٹر, ٹویٹر",
        weak="x",
        people=("x.com/{}", "twitter.com/{}"),
        report="https://help.x.com/en/forms/safety-and-sensitive-content",
        safety="https://help.x.com/en/safety-and-security",
    ),
    Service(
        "Telegram",
        "telegram, telegrem, telegran, telegarm, telegramu, tele gram, telegrm, टेलीग्राम, टेलिग्राम, টেলিগ্রাম, টেলি, ٹیلی گرام, ٹیلیگرام",
        weak="tele, tg, telly, telega",
        number="phone",
        people=("t.me/{}", "telegram.me/{}", "telegram.dog/{}"),
        groups=("t.me/joinchat/{}", "telegram.me/joinchat/{}"),
        report="https://telegram.org/faq",
    ),
    Service(
        "Discord",
        "discord, dicord, discrod, diskord, discod, disc0rd, डिस्कॉर्ड, डिस्कोर्ड, ডিসকর্ড, ডিস্কর্ড, ڈسکارڈ, ڈسکورڈ",
        weak="dc",
        people=("discord.com/users/{}", "discordapp.com/users/{}"),
        groups=("discord.gg/{}", "discord.com/invite/{}", "discordapp.com/invite/{}"),
        report="https://discord.com/safety/360044103651-reporting-abusive-behavior-to-discord",
        safety="https://discord.com/safety",
    ),
    Service("Signal", "signal app, signal messenger, सिग्नल, সিগন্যাল, سگنل", weak="signal", number="phone",
            people=("signal.me/#p/{}", "signal.me/#eu/{}"), groups=("signal.group/{}",), report="https://support.signal.org"),
    Service("Viber", "viber, vyber, vaiber, वाइबर, ভাইবার, وائبر", number="phone",
            groups=("invite.viber.com/{}",), report="https://help.viber.com"),
    Service("imo", "imo app, imo messenger, imo chat, ইমো, इमो, ایمو", weak="imo, emo", number="phone"),
    Service("WeChat", "wechat, we chat, weixin, wichat, वीचैट, উইচ্যাট", report="https://help.wechat.com"),
    Service("LINE", "line app", weak="line", people=("line.me/ti/p/{}",), groups=("line.me/r/ti/g/{}", "line.me/ti/g/{}"),
            report="https://contact-cc.line.me"),
    Service("KakaoTalk", "kakaotalk, kakao, katalk, kakao talk", report="https://cs.kakao.com"),
    Service("Kik", "kik, kik messenger, kik me, kick messenger, किक, কিক, کک", people=("kik.me/{}",),
            report="https://kikhelpcenter.zendesk.com"),
    Service("Skype", "skype, skaip, स्काइप, স্কাইপ, اسکائپ", report="https://www.microsoft.com/en-us/concern/"),
    Service("Teams", "microsoft teams, ms teams", weak="teams", report="https://www.microsoft.com/en-us/concern/"),
    Service("Zoom", "zoom meeting", weak="zoom", report="https://www.zoom.us/report"),
    Service("Session", "session app, session messenger", weak="session"),
    Service("Threema", "threema", people=("threema.id/{}",)),
    Service("Wickr", "wickr, wickr me"),
    Service("Google Chat", "google chat, hangouts, google hangouts, gchat", report="https://support.google.com/legal/answer/3110420"),
    Service("iMessage", "imessage, i message, facetime, face time", number="phone", report="https://support.apple.com"),
    Service("Reddit", "reddit, redit, रेडिट, রেডিট, ریڈٹ", people=("reddit.com/u/{}", "reddit.com/user/{}"),
            groups=("reddit.com/r/{}",), report="https://www.reddit.com/report"),
    Service("Pinterest", "pinterest, pintrest, pinterst", people=("pinterest.com/{}",),
            report="https://help.pinterest.com/en/article/report-something-on-pinterest"),
    Service("LinkedIn", "linkedin, linked in", people=("linkedin.com/in/{}",), report="https://www.linkedin.com/help/linkedin"),
    Service("Tumblr", "tumblr, tumbler, tumbl", report="https://www.tumblr.com/abuse"),
    Service("Bluesky", "bluesky, bsky", weak="blue sky", people=("bsky.app/profile/{}",), report="https://bsky.app"),
    Service("BeReal", "bereal", weak="be real", people=("bere.al/{}",)),
    Service("VK", "vkontakte, v kontakte", weak="vk", people=("vk.com/{}",)),
    Service("ShareChat", "sharechat, share chat, शेयरचैट, शेयर चैट, শেয়ারচ্যাট", people=("sharechat.com/profile/{}",),
            report="https://help.sharechat.com/contact/"),
    Service("Moj", "moj app, मोज", weak="moj", people=("mojapp.in/{}",),
            report="https://help.sharechat.com/contact/"),
    Service("Likee", "likee, laiki, लाइकी, লাইকি, لائیکی", weak="likey, like app", people=("likee.video/{}", "l.likee.video/p/{}")),
    Service("BIGO LIVE", "bigo, bigo live, bigolive, बिगो, বিগো, بیگو", people=("bigo.tv/{}",)),
    Service("Twitch", "twitch, twich", people=("twitch.tv/{}",), report="https://safety.twitch.tv",
            safety="https://safety.twitch.tv"),
    Service("Kick", "kick stream", people=("kick.com/{}",)),
    Service("ASKfm", "askfm, ask fm", people=("ask.fm/{}",)),
    Service("NGL", "ngl app", weak="ngl", people=("ngl.link/{}",)),
    Service("Yubo", "yubo"),
    Service("Wizz", "wizz, wizz app"),
    Service("Tinder", "tinder, tindr", report="https://www.help.tinder.com"),
    Service("Badoo", "badoo, badu", people=("badoo.com/profile/{}",), report="https://badoo.com/help"),
    Service("Bumble", "bumble, bumbel", report="https://support.bumble.com"),
    Service("Grindr", "grindr", report="https://help.grindr.com"),
    Service("OmeTV", "ometv, ome tv"),
    Service("Omegle", "omegle, omegel"),
    Service("OnlyFans", "onlyfans, only fans", people=("onlyfans.com/{}",), report="https://onlyfans.com/contact"),
    Service("Mastodon", "mastodon, fediverse"),
    Service("MEGA", "mega nz, mega link", report="https://mega.io/contact"),
    Service("Roblox", "roblox, roblocks, roblux, robloks, roblx, robux game, रोब्लॉक्स, रोबलॉक्स, রোবলক্স, রোব্লক্স, روبلوکس, روبلکس",
            number="player", people=("roblox.com/users/{}/profile", "roblox.com/users/{}"),
            report="https://www.roblox.com/illegal-content-reporting", safety="https://about.roblox.com/safety", is_game=True),
    Service("Minecraft", "minecraft, mine craft, mincraft, maincraft, माइनक्राफ्ट, মাইনক্রাফট, مائن کرافٹ", number="player",
            report="https://help.minecraft.net", is_game=True),
    Service("Fortnite", "fortnite, fort night, fortnight game, fornite, फोर्टनाइट, ফোর্টনাইট", number="player",
            report="https://www.epicgames.com/help", safety="https://safety.epicgames.com/en-US", is_game=True),
    Service("Free Fire", "free fire, freefire, garena free fire, garena, फ्री फायर, फ़्री फ़ायर, ফ্রি ফায়ার, فری فائر", weak="ff",
            number="player", report="https://ffsupport.garena.com", is_game=True),
    Service("PUBG Mobile", "pubg, pubg mobile, pubgm, pubgee, bgmi, पबजी, পাবজি, پب جی, پبجی", number="player", is_game=True),
    Service("Mobile Legends", "mobile legends, mobile legend, mlbb, mobile lejen, मोबाइल लीजेंड, মোবাইল লিজেন্ড", weak="ml", number="player",
            is_game=True),
    Service("Call of Duty", "call of duty, cod mobile, codm", number="player", is_game=True),
    Service("Clash of Clans", "clash of clans", number="player", is_game=True),
    Service("Clash Royale", "clash royale", number="player", is_game=True),
    Service("Brawl Stars", "brawl stars", number="player", is_game=True),
    Service("Among Us", "amongus", weak="among us", number="player", is_game=True),
    Service("Genshin Impact", "genshin, genshin impact", number="player", is_game=True),
    Service("Ludo King", "ludo king, ludo star, লুডু, लूडो किंग", number="player", is_game=True),
    Service("8 Ball Pool", "8 ball pool, eight ball pool", number="player", is_game=True),
    Service("FIFA", "ea fc, fifa mobile, efootball", weak="fifa", number="player", is_game=True),
    Service("Steam", "steam chat, steem", weak="steam", number="player",
            people=("steamcommunity.com/id/{}", "steamcommunity.com/profiles/{}"), report="https://help.steampowered.com", is_game=True),
    Service("PlayStation", "playstation, play station, psn, ps4, ps5, playstation network, প্লেস্টেশন, प्लेस्टेशन", number="player",
            report="https://www.playstation.com/support", is_game=True),
    Service("Xbox", "xbox, x box, xbox live, एक्सबॉक्स, এক্সবক্স, ایکس باکس", number="player", report="https://support.xbox.com", is_game=True),
    Service("Nintendo", "nintendo, nintendo switch", number="player", report="https://www.nintendo.com/support", is_game=True),
    Service("M-Pesa", "mpesa, m pesa, m-pesa", number="phone", pays=True),
    Service("Orange Money", "orange money", number="phone", pays=True),
    Service("MTN MoMo", "momo, mtn momo, mobile money, mtn mobile money, airtel money, moov money, wave money, tigo pesa, tigopesa, halopesa",
            number="phone", pays=True),
    Service("Touch 'n Go", "tng, touch n go, touch 'n go, tng ewallet", number="phone", pays=True),
    Service("bKash", "bkash, বিকাশ, b kash", number="phone", pays=True),
    Service("Nagad", "nagad, নগদ", number="phone", pays=True),
    Service("JazzCash", "jazzcash, jazz cash, جاز کیش, جیز کیش", number="phone", pays=True),
    Service("Easypaisa", "easypaisa, easy paisa, ایزی پیسہ", number="phone", pays=True),
    Service("Paytm", "paytm, phonepe, phone pe, google pay, gpay, g pay, पेटीएम, फोनपे, गूगल पे", number="phone", pays=True),
    Service("PayPal", "paypal, pay pal", people=("paypal.me/{}", "paypal.com/paypalme/{}"), pays=True,
            report="https://www.paypal.com/us/security/report-suspicious-messages"),
    Service("Cash App", "cash app, cashapp", people=("cash.app/{}",), pays=True),
    Service("Venmo", "venmo", people=("venmo.com/{}", "venmo.com/u/{}"), pays=True),
)  # fmt: skip
