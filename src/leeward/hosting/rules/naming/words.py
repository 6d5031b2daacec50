"""Words that say what stands beside them, in the languages that Leeward ships. Data only; read by `cues.py`.

The lists of all languages are read together: people mix languages, and few set theirs.
"""

# A name follows, or comes right before in languages that put it there.
NAME = """
name named username user usernames called call handle profile account acct nick nickname pseudo gamertag tag display
nom s'appelle m'appelle sappelle appelle appele appelé appelée intitulé intitulée compte profil surnom utilisateur
nome chama chama-se chamado chamada chamam conta perfil utilizador usuario usuário apelido
jina anaitwa linaitwa kinaitwa inaitwa akaunti
नाम नाम्बर यूजर यूज़र यूजरनेम अकाउंट खाता प्रोफाइल प्रोफ़ाइल naam nam
নাম নামে নামের ইউজার ইউজারনেম একাউন্ট অ্যাকাউন্ট প্রোফাইল একাউন্টের অ্যাকাউন্টের প্রোফাইলের
نام یوزر یوزرنیم اکاؤنٹ پروفائل نامی
nama namanya bernama akaun pengguna
igoa suafa taua tagata
hingoa hingoaʻaki akauni
"""
IDENTITY = """
id ids uid userid playerid friend code no num number numero numéro número namba nambari
आईडी यूआईडी आइडी आयडी আইডি আইডির ইউআইডি آئی ڈی آئیڈی یو آئی ڈی pemain joueur jogador mchezaji player
"""
PHONE = """
phone telephone tel call cell mobile number text sms numéro numero téléphone portable número telefone telemóvel celular contacto
namba nambari simu piga नंबर नम्बर मोबाइल फोन फ़ोन কল ফোন মোবাইল নম্বর নাম্বার فون نمبر موبائل کال telefon nombor hubungi
telefoni numera vili telefone fika nomipa fōni
"""
GROUP = """
group groups grp chatgroup groupchat gc server community
groupe groupes serveur communauté grupo grupos servidor comunidade kundi kikundi seva
ग्रुप समूह सर्वर গ্রুপ গ্রুপে গ্রুপের সার্ভার گروپ سرور kumpulan grup pelayan kulupu vaega kulupe
"""
CHANNEL = """
channel chaîne chaine canal chaneli चैनल চ্যানেল চ্যানেলের چینل saluran kanal
"""
GAME = """
game jeu jogo mchezo गेम খেলা গেম گیم permainan taaloga vaʻinga va'inga world map monde mundo place experience
"""
LINK = """
link links site website page url web lien sitio página pagina tovuti kiungo लिंक साइट वेबसाइट লিঙ্ক লিংক সাইট ওয়েবসাইট لنک سائٹ ویب
laman pautan upegatafaʻilagi uepisaite
"""
# Something is named only to be told apart from the thing that is meant.
UNLIKE = """
not isnt isn't like similar resembles fake looks pas ressemble comme não nao parece igual si sio kama siyo
नहीं जैसी जैसा जैसे নয় না মতো মত نہیں جیسی جیسا جیسے bukan macam seperti nampak lē le pei ʻikai ikai hangē
instead copy copie cópia real vrai verdadeiro verdadeira
"""
# The name that comes next is not the one meant: "not anna_1 but …".
DENIAL = frozenset("not isnt isn't pas não nao sio bukan ʻikai".split())
# The words that follow what they speak of.
UNLIKE_AFTER = frozenset("नहीं जैसी जैसा जैसे নয় না মতো মত نہیں جیسی جیسا جیسے jaisi jaisa nahi nahin".split())
TORRENT = frozenset("torrent infohash btih bittorrent magnet टोरेंट টরেন্ট ٹورنٹ".split())
# A name may stand behind these, before the service: "anna on kik".
BETWEEN = """
on at in via from over sur dans à a de no na em pelo pela kwenye katika par pe mein में पर पे से par تے پر پہ میں سے
এ তে কে di kat dekat pada i ile le ʻi he 'i ki
"""
# Names of several services that share what follows.
AND = frozenset("and & + et e und na y mo ma और aur এবং আর ও اور dan or ou ou au ya atau pea /".split())
# Words between "name" and a name in small letters: with others, it is a sentence.
IS = frozenset(
    "is its it's was his her their est c'est cest son sa é e ni yake lake wake hai pe par ko है पर ہے پر হলো হল পর ialah adalah dia o lona "
    "hono".split()
)
# What may stand between a service, a word above and the name itself, and ends a name written in several words.
FILLER = """
some1 sum1 sumone any1
is are was were it its it's that this the a an his her him he she they them their my your me i of to for by with under as there here
also and but or so then when now just only still same someone somebody people person guy girl boy man friend one who which what where
why how has have had does did do says said say asks asked told tell writes wrote sent send sends saw see seen found look add added
goes go uses using use gave give me keeps keep talked talking chat chatting please pls im i'm im he's she's theres dm dms
c'est cest est et la le les un une des du de d' sur son sa ses mon ma mes lui il elle on nous vous ils elles qui que quoi est était
etait avec pour par dans mais ou où puis ensuite ici là écrit ecrit logo haut bas m'a ma a été sous
é e o a os as um uma do da dos das dele dela seu sua meu minha ele ela eu no na nos nas em com por para mas foi era está esta estava
que quem se me depois lá aqui escreveu mandou pediu
ni ya wa la za cha vya kwa yake yako yangu wake wangu lake langu na katika kwenye yeye huyo yuko ana ako ile hii huo huyu mimi
है हैं था थी थे का की के को में पर पे से उसका उसकी उसके इसका मेरा मेरी वो वह यह ये एक और भी ने पर लिखा लिखता भेजा भेजता वाला वाली hai tha
thi ka ki ke ko mein me par pe se uska uski mera wo ye ek aur bhi ne likha bheja wala wali wale
এর র কে তে টা টি একটা একটি আছে ছিল হলো হল ওর তার আমার আমি সে ও আর এবং দিয়ে থেকে করে করেছে পাঠিয়েছে এই ওই সেই লিখেছে নিয়ে
ہے ہیں تھا تھی تھے کا کی کے کو میں پر پہ سے اس اسکا اسکی میرا میری وہ یہ ایک اور بھی نے لکھا بھیجا والا والی پھر
dia ialah adalah yang dan di ke dari daripada untuk dengan saya aku kau ni itu tu ini guna pakai hantar suruh kata bagi ada orang lepas
o le lo la lona lana sona ia i ua e ma mai nei lea lenei lena ai ona sa na te se ina
ko e he hono ʻene hoku ʻa 'a ʻoku 'oku oku ki mei mo kuo na'a naʻa ne u ha ʻeni ʻena ia ʻi 'i ʻo
"""
# What a name of several words may contain with a small letter.
PARTICLES = frozenset(
    "de da do dos das del della van von der den bin binti ibn al el la le di du y e of the za ya wa cha vya".split()
)
DOTS = frozenset("dot point ponto punto nukta titik toti डॉट डाट ডট ڈاٹ नुक्ता togi poini".split())
AT_SIGNS = frozenset("at arobase arobas arroba alama एट ऐट एटदरेट অ্যাট এট ایٹ alias".split())
SLASHES = frozenset("slash barra mkwaju बटा स्लैश স্ল্যাশ سلیش".split())
# Sites that people name for comparison.
FAMOUS = frozenset(
    "google.com amazon.com youtube.com facebook.com instagram.com tiktok.com netflix.com ebay.com apple.com microsoft.com "
    "wikipedia.org whatsapp.com telegram.org twitter.com x.com snapchat.com discord.com roblox.com yahoo.com gmail.com "
    "paypal.com reddit.com bing.com linkedin.com pinterest.com pornhub.com".split()
)
FILE_ENDINGS = frozenset(
    "jpg jpeg png gif webp heic bmp svg mp4 mov avi mkv webm 3gp mp3 wav ogg m4a pdf doc docx xls xlsx ppt pptx odt txt csv "
    "zip rar 7z tar gz apk exe iso psd html htm php js css json xml eml opus amr vcf ics".split()
)
# Two-letter ends of the domain name system that are words: "it.so" in a sentence without its space.
WORDS_AS_ENDINGS = frozenset(
    "so it is to me my in at be no am do la de et ma pe se na as us il un si ai ga ke ni tu va".split()
)
# What services have, and nobody is called.
THING = """
hash digest value quality live story stories reel reels video videos vid vids post posts comment comments marketplace ads feed dm dms
streak hashtag message messages scam hack hacked filter challenge dance pic pics photo photos picture pictures gift card cards voucher
app application premium download login password sign status calls yesterday today tonight hier aujourd'hui ontem hoje jana leo semalam
vidéo vidéos publication annonce carte fotos foto vídeo cartão picha kadi gambar kad ata kata ananafi aneafi
"""
USENET = frozenset("usenet newsgroup newsgroups nntp".split())
# Something else follows.
THEN = """
then after next later sent sends puis ensuite après depois kisha halafu phir fir baad फिर बाद তারপর পরে پھر بعد lepas kemudian selepas
sosoo toki
"""
# A name said to be missing is none.
NO_NAME = """
forgot forget forgotten know dont don't remember unknown none sure oublié oublie sais pas rappelle esqueci sei lembro nimesahau sijui
sikumbuki याद भूल भूला भूली मालूम पता মনে জানি ভুলে یاد بھول معلوم پتہ lupa tahu ingat galo ngalo iloa yaad bhool
"""
# Short names of services that are ordinary words in a language: there they count only right before a handle or a number.
ORDINARY = {
    "en": frozenset("face meta line teams session signal threads steam zoom dc sc ws wp ml".split()),
    "fr": frozenset("face meta sc".split()),
    "pt": frozenset("meta wa".split()),
    "sw": frozenset("wa tele face".split()),
    "sm": frozenset("tele line".split()),
    "to": frozenset("tele face".split()),
    "ms": frozenset("meta face".split()),
}
