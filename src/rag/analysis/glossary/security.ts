// Czech and English words of one meaning: `Czech, … | English, …` a line. Written for this project.
export const SECURITY = `
bezpečnost | security, safety
bezpečnost práce, bezpečnost a ochrana zdraví při práci, BOZP | occupational safety, occupational health and safety, health and safety
informační bezpečnost, bezpečnost informací | information security
kybernetická bezpečnost | cybersecurity, cyber security
bezpečnostní incident, incident | security incident, incident
pracovní úraz, úraz | accident at work, occupational injury, injury
první pomoc | first aid
lékárnička | first aid kit
požár | fire
požární ochrana | fire protection, fire safety
hasicí přístroj | fire extinguisher
evakuace, evakuační | evacuation
shromaždiště, místo shromáždění, shromáždit | assembly point, gathering point
nouzový východ, únikový východ, úniková cesta | emergency exit, escape route
poplach | alarm
cvičný poplach | drill, fire drill
ochranné pomůcky, osobní ochranné pracovní prostředky, OOPP | personal protective equipment, PPE, protective equipment
přilba, helma | helmet, hard hat
rukavice | gloves
brýle, ochranné brýle | goggles, safety glasses
chránič sluchu, ochrana sluchu | hearing protection, ear protection
riziko | risk
nebezpečí, nebezpečný | danger, hazard, dangerous, hazardous
alkohol | alcohol
kouření, kouřit | smoking, smoke
zvedat, zvednout, zdvihat, zvedání | lifting, lift
břemeno, hmotnost | load, weight
stroj | machine
nářadí | tools
vysokozdvižný vozík | forklift
heslo | password
přihlášení, přihlásit | login, sign in, log in
uživatelský účet, účet uživatele | user account
sdílený účet, sdílené účty | shared account, shared accounts
uživatel | user
správce systému, administrátor, správce IT | administrator, system administrator, IT administrator
oprávnění administrátora, administrátorská práva, práva administrátorů | administrator rights, admin rights, administrator privileges
přístup, přístupový | access
přístupová práva | access rights
dvoufaktorové ověření, dvoufázové ověření, vícefaktorové ověření | two-factor authentication, multi-factor authentication, MFA
šifrování, šifrovaný, zašifrovat | encryption, encrypted, encrypt
záloha dat, zálohování, zálohovat | backup, back up
obnova, obnovení | recovery, restore
síť | network
vzdálený přístup, VPN | remote access, VPN
počítač | computer
notebook, přenosný počítač | laptop, notebook
server | server
tiskárna | printer
program, software, aplikace | software, application, program
aktualizace, aktualizovat | update, upgrade
antivir, antivirový program | antivirus
škodlivý software, malware, vir | malware, virus
podvodný e-mail, phishing | phishing
příloha e-mailu | email attachment
elektronická pošta, e-mail, mail | email, e-mail
USB disk, flash disk, přenosné médium, vyměnitelné médium | USB drive, flash drive, removable media
cloud, cloudové úložiště | cloud, cloud storage
datové centrum | data centre, data center
data, údaje | data
databáze | database
soubor | file
složka | folder
dokument, doklad, písemnost | document
klasifikace, označení, stupeň utajení | classification, label
důvěrný | confidential
veřejný | public
interní | internal
tajný | secret
závažnost | severity
dostupnost | availability
výpadek, porucha | outage, failure
odezva, reakce | response
audit | audit
protokol, záznam, log | log, record
dodavatelský řetězec | supply chain
řízení rizik | risk management
zranitelnost | vulnerability
útok | attack
návštěva, návštěvník | visitor, visit
vstup, vjezd | entry, entrance
vstupní karta, přístupová karta, čip | access card, badge
klíč | key
trezor | safe
ostraha, vrátný, vrátnice | security guard, reception desk, gatehouse
areál, provozovna, pobočka | premises, site, branch
kancelář | office
budova | building
dílna, hala | workshop, hall
výtah | elevator, lift
odpad | waste
životní prostředí | environment
chemická látka, chemikálie | chemical, chemical substance
hluk | noise
prach | dust
elektřina, elektrický | electricity, electric, electrical
voda | water
plyn | gas
topení, vytápění | heating
defibrilátor, AED | defibrillator, AED
`;
