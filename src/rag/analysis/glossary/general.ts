// Czech and English words of one meaning: `Czech, … | English, …` a line. Written for this project.
export const GENERAL = `
den, dny | day, days
pracovní den, pracovní dny | working day, business day, workday
kalendářní den | calendar day
týden | week
měsíc | month
rok | year
kalendářní rok | calendar year
hodina | hour
minuta | minute
pondělí | Monday
úterý | Tuesday
středa | Wednesday
čtvrtek | Thursday
pátek | Friday
sobota | Saturday
neděle | Sunday
leden | January
únor | February
březen | March
duben | April
květen | May
červen | June
červenec | July
srpen | August
září | September
říjen | October
listopad | November
prosinec | December
datum | date
začátek, zahájení, začít, zahájit | beginning, commencement, begin, commence
konec, ukončení, dokončení, dokončit, skončit | end, completion, complete, finish
společnost, firma, podnik | company, firm, enterprise
oddělení, útvar | department, division
organizace | organization, organisation
ředitel | director
obchodní ředitel, obchodní ředitelka | sales director, commercial director
vedení, management | management
porada, schůze, zasedání | meeting
zápis | minutes
žádost, požádat, žádat | application, request, apply
formulář | form
potvrzení | confirmation, certificate
zpráva | report, message
seznam | list
adresa | address
telefon, telefonní číslo | phone, phone number, telephone
jméno | name
příjmení | surname, last name
podmínka | condition, requirement
pravidlo | rule
postup | procedure
příručka, průvodce | manual, guide, handbook
politika | policy
plán | plan
projekt | project
cíl | goal, objective
výsledek | result, outcome
důvod | reason
účel | purpose
příklad | example
rozdíl | difference
změna, změnit | change
nový | new
starý | old
počet | number
velikost, rozměr | size, dimension
délka | length
šířka | width
výška | height
tloušťka | thickness
plocha, rozloha | area, surface
objem | volume
barva | colour, color
materiál | material
dřevo, řezivo | wood, timber, lumber
dub | oak
buk | beech
smrk | spruce
borovice | pine
dveře | door
okno | window
schodiště, schody | staircase, stairs
nábytek | furniture
kuchyně, kuchyňská linka | kitchen, kitchen unit
skříň | cabinet, wardrobe
stůl | table, desk
židle | chair
truhlář | joiner, carpenter
lakovna | paint shop, varnishing shop
lakýrník | painter, varnisher
sušárna | drying kiln, drying plant
auto, automobil, vozidlo | car, vehicle
řidič | driver
řidičský průkaz | driving licence, driver's license
škola | school
student | student
učitel | teacher
nemocnice | hospital
pacient | patient
vláda | government
ministerstvo | ministry
prezident | president
parlament | parliament
volby | election, elections
občan | citizen
obyvatel, obyvatelstvo | inhabitant, population
válka | war
policie | police
výzkum | research
vědec | scientist
věda | science
technologie | technology
jazyk | language
překlad | translation
hudba | music
film | film, movie
kniha | book
noviny | newspaper
hráč | player
tým, mužstvo | team
ostrov | island
počasí | weather
teplota | temperature
energie | energy
zvíře | animal
rostlina | plant
jídlo, potravina | food
člověk, lidé | person, people
žena | woman
rodina | family
přítel, kamarád | friend
pomoc | help, assistance
podpora | support
otázka, dotaz | question, query
odpověď | answer, reply
problém | problem, issue
řešení | solution
informace | information
`;
