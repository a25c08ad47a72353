// Words without evidence, folded. Our own lists; question words are among them, since a text seldom holds them.

const set = (words: string): ReadonlySet<string> => new Set(words.split(' '));

export const ENGLISH_STOP_WORDS = set(
  'a an the of in on at to for from by with and or is are was were be been being as that this these those it its ' +
    'which who whom whose what when where why how do does did has have had can could will would shall should may ' +
    'might must not no than then there their they he she his her him i you we our your my me us if into about over ' +
    'after before between during also such any all some other more most only own same so too very s t',
);

export const CZECH_STOP_WORDS = set(
  'a aby aj ale ani az bez bude budou by byl byla byli bylo byt ci co coz cz da do ho i ja jak jake jako jaky jaka ' +
    'je jeho jej jeji jejich jen jeste ji jich jim jine jiz jsem jsme jsou jste k kam kde kdo kdy kdyz ke ktera ' +
    'ktere kteri kterou ktery ku kolik ma mate me mezi mi mit mne mnou muj muze my na nad nam nas ne nebo nebyl ' +
    'neni nez nic nich no o od on ona oni ono pak po pod podle pokud pouze prave pred pres pri pro proc proto ' +
    'protoze prvni s se si sice svou sve svuj svych ta tak take takze tato te tedy ten tento teto tim timto to ' +
    'jakou jakeho jakem jakemu jakym jakymi jakych kolika kolikaty kolikrat ktereho kterem kteremu kterym kterymi kterych ' +
    'koho komu kom kym ceho cemu cem cim kam odkud kudy dokdy odkdy nasi nase nasim nasich nam nami vase vasi si svem svymi ' +
    'tohle toho tom tomto tomu toto tu tuto ty tyto u uz v vam vas ve vice vsak z za zda zde ze',
);

export const SLOVAK_STOP_WORDS = set(
  'a aby aj ako aka ake aky ale alebo ani az bez bol bola boli bolo budu bude by byt ci co cez do ho i iba ich ich ' +
    'ja je jeho jej k kam kde kto kedy ked ktora ktore ktori ktory ktoru ku kolko ma mat mate medzi mi moze moj my ' +
    'na nad nam nas nie nez nic o od on ona oni ono po pod podla pokial potom pre pred preco preto pri s sa si som ' +
    'su svoj ta tak tato tam te ten tento to toho tom tomto toto tu tuto ty tym tymto u uz v vam vas viac vsak vo z ' +
    'za ze zo',
);

/** Whether a folded word is a stop word in any of the languages: texts and questions mix them. */
export function isStopWord(folded: string): boolean {
  return ENGLISH_STOP_WORDS.has(folded) || CZECH_STOP_WORDS.has(folded);
}

// Words that a person asks with and that an answer does not repeat: Kolik dostanu? Co musím udělat? They are left
// out of questions only.
const QUESTION_WORDS = set(
  'mam mas mame mate maji mel mela meli muzu muzes muzeme muzete mohu mohou musim musis musi musime musite museji ' +
    'smim smis smi smime smeji chci chces chce chceme chteji bych bychom dostanu dostanes dostane dostaneme dostat ' +
    'ziskam budes budeme budete delat delam udelat potrebuju potrebuji potrebuje potrebujeme existuje existuji prosim ' +
    'rekni reknete povez zajima vedet vim najdu najdeme najit lze treba nutne nutno dlouho dlouha dlouhy dlouhe ' +
    'dlouhou casto trva trvaji jmenuje nazyva znamena nekdo neco vubec stoji cini jsi musel ' +
    'get gets much many long often need needs want please tell know find anyone someone something take takes happens ' +
    'mozem mozes moze mozu musia musim chcem dostanem potrebujem kolko dlho',
);

/** Whether a folded word belongs to asking, not to what is asked about. */
export function isQuestionWord(folded: string): boolean {
  return QUESTION_WORDS.has(folded);
}
