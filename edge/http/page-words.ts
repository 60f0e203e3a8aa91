// What the pages say that users see while they sign in at an app, in each of the widget's languages. The widget brings its own words.
import { localeOf } from "../../shared/locale.ts";

export interface PageWords {
  /** `{app}` is connected. */
  connected: string;
  close: string;
  goOn: string;
  /** `{host}`: where the user came from. */
  back: string;
  /** `{app}` was not connected. */
  failed: string;
  denied: string;
  /** The account that `{app}` let in is another than the one to renew. */
  other: string;
  /** `{app}` says `{said}`. */
  says: string;
  later: string;
  again: string;
  over: string;
  overText: string;
  setup: string;
  reconnect: string;
}

export const PAGE_WORDS: Readonly<Record<string, PageWords>> = {
  en: {
    connected: "{app} is connected",
    close: "You can close this window.",
    goOn: "Go on where you came from.",
    back: "Back to {host}",
    failed: "{app} was not connected",
    denied: "Access to {app} was not allowed. Connect again, and allow it there.",
    other: "This belongs to another account of {app}. Connect the one from before, or add this as a new account.",
    says: "{app} says: “{said}”.",
    later: "{app} does not answer at the moment. Try again later.",
    again: "Try again; if it stays, tell whoever offers this integration.",
    over: "This sign-in cannot go on",
    overText:
      "It is over, was begun in another browser, or was not begun here. Close this window, and connect again from the page that you came from.",
    setup: "Setup",
    reconnect: "Reconnect",
  },
  ar: {
    connected: "تم ربط {app}",
    close: "يمكنك إغلاق هذه النافذة.",
    goOn: "تابع من حيث أتيت.",
    back: "العودة إلى {host}",
    failed: "لم يتم ربط {app}",
    denied: "لم يُسمح بالوصول إلى {app}. أعد الربط واسمح به هناك.",
    other: "هذا يخص حسابًا آخر في {app}. اربط الحساب السابق، أو أضف هذا كحساب جديد.",
    says: "يقول {app}: «{said}».",
    later: "لا يستجيب {app} الآن. حاول لاحقًا.",
    again: "حاول مرة أخرى؛ وإذا استمر ذلك، فأخبر مقدّم هذا التكامل.",
    over: "لا يمكن متابعة تسجيل الدخول هذا",
    overText: "انتهى، أو بدأ في متصفح آخر، أو لم يبدأ هنا. أغلق هذه النافذة وأعد الربط من الصفحة التي أتيت منها.",
    setup: "الإعداد",
    reconnect: "إعادة الربط",
  },
  de: {
    connected: "{app} ist verbunden",
    close: "Sie können dieses Fenster schließen.",
    goOn: "Machen Sie dort weiter, wo Sie hergekommen sind.",
    back: "Zurück zu {host}",
    failed: "{app} wurde nicht verbunden",
    denied: "Der Zugriff auf {app} wurde nicht erlaubt. Verbinden Sie noch einmal, und erlauben Sie ihn dort.",
    other: "Das gehört zu einem anderen Konto bei {app}. Verbinden Sie das bisherige, oder fügen Sie dieses als neues Konto hinzu.",
    says: "{app} sagt: „{said}“.",
    later: "{app} antwortet gerade nicht. Versuchen Sie es später noch einmal.",
    again: "Versuchen Sie es noch einmal. Bleibt es dabei, melden Sie das denen, die diese Integration anbieten.",
    over: "Diese Anmeldung kann nicht weitergehen",
    overText:
      "Sie ist beendet, wurde in einem anderen Browser begonnen oder nicht hier. Schließen Sie dieses Fenster, und verbinden Sie noch einmal von der Seite aus, von der Sie gekommen sind.",
    setup: "Einrichtung",
    reconnect: "Neu verbinden",
  },
  es: {
    connected: "{app} está conectado",
    close: "Puede cerrar esta ventana.",
    goOn: "Continúe donde estaba.",
    back: "Volver a {host}",
    failed: "No se conectó {app}",
    denied: "No se permitió el acceso a {app}. Conecte de nuevo y permítalo allí.",
    other: "Esto pertenece a otra cuenta de {app}. Conecte la de antes o añada esta como cuenta nueva.",
    says: "{app} dice: «{said}».",
    later: "{app} no responde en este momento. Inténtelo más tarde.",
    again: "Inténtelo de nuevo; si se repite, avise a quien ofrece esta integración.",
    over: "Este inicio de sesión no puede continuar",
    overText:
      "Ha terminado, se empezó en otro navegador o no se empezó aquí. Cierre esta ventana y conecte de nuevo desde la página de la que venía.",
    setup: "Configuración",
    reconnect: "Volver a conectar",
  },
  fr: {
    connected: "{app} est connecté",
    close: "Vous pouvez fermer cette fenêtre.",
    goOn: "Reprenez là où vous étiez.",
    back: "Retour à {host}",
    failed: "{app} n’a pas été connecté",
    denied: "L’accès à {app} n’a pas été autorisé. Connectez de nouveau et autorisez-le là-bas.",
    other: "Ceci appartient à un autre compte {app}. Connectez celui d’avant, ou ajoutez-le comme nouveau compte.",
    says: "{app} répond\u00a0: «\u00a0{said}\u00a0».",
    later: "{app} ne répond pas pour le moment. Réessayez plus tard.",
    again: "Réessayez\u00a0; si cela persiste, signalez-le à qui propose cette intégration.",
    over: "Cette connexion ne peut pas continuer",
    overText:
      "Elle est terminée, a été commencée dans un autre navigateur ou n’a pas été commencée ici. Fermez cette fenêtre et connectez de nouveau depuis la page d’où vous venez.",
    setup: "Configuration",
    reconnect: "Reconnecter",
  },
  he: {
    connected: "{app} מחובר",
    close: "אפשר לסגור את החלון.",
    goOn: "אפשר להמשיך מהמקום שממנו באתם.",
    back: "חזרה אל {host}",
    failed: "{app} לא חובר",
    denied: "הגישה אל {app} לא אושרה. יש לחבר שוב ולאשר אותה שם.",
    other: "זה שייך לחשבון אחר של {app}. יש לחבר את הקודם, או להוסיף את זה כחשבון חדש.",
    says: "{app}: ״{said}״.",
    later: "{app} אינו עונה כרגע. יש לנסות שוב מאוחר יותר.",
    again: "יש לנסות שוב; אם זה נמשך, יש להודיע למי שמציע את השילוב הזה.",
    over: "לא ניתן להמשיך בכניסה הזו",
    overText: "היא הסתיימה, התחילה בדפדפן אחר או לא התחילה כאן. יש לסגור את החלון ולחבר שוב מהדף שממנו באתם.",
    setup: "הגדרה",
    reconnect: "חיבור מחדש",
  },
  it: {
    connected: "{app} è collegato",
    close: "Può chiudere questa finestra.",
    goOn: "Prosegua da dove è arrivato.",
    back: "Torna a {host}",
    failed: "{app} non è stato collegato",
    denied: "L’accesso a {app} non è stato consentito. Colleghi di nuovo e lo consenta lì.",
    other: "Questo appartiene a un altro account di {app}. Collegare quello di prima o aggiungere questo come nuovo.",
    says: "{app} dice: “{said}”.",
    later: "{app} al momento non risponde. Riprovare più tardi.",
    again: "Riprovare; se si ripete, segnalarlo a chi offre questa integrazione.",
    over: "Questo accesso non può proseguire",
    overText:
      "È terminato, è stato iniziato in un altro browser o non è stato iniziato qui. Chiuda questa finestra e colleghi di nuovo dalla pagina da cui è arrivato.",
    setup: "Configurazione",
    reconnect: "Ricollega",
  },
  ja: {
    connected: "{app} を接続しました",
    close: "このウィンドウを閉じてかまいません。",
    goOn: "元のページで続けてください。",
    back: "{host} に戻る",
    failed: "{app} は接続されませんでした",
    denied: "{app} へのアクセスが許可されませんでした。もう一度接続し、そこで許可してください。",
    other: "これは {app} の別のアカウントのものです。以前のアカウントを接続するか、新しいアカウントとして追加してください。",
    says: "{app} の回答:「{said}」",
    later: "{app} が現在応答しません。後でもう一度お試しください。",
    again: "もう一度お試しください。解決しない場合は、この連携の提供元にお知らせください。",
    over: "このサインインは続行できません",
    overText:
      "終了したか、別のブラウザーで開始されたか、ここで開始されていません。このウィンドウを閉じて、元のページからもう一度接続してください。",
    setup: "設定",
    reconnect: "再接続",
  },
  nl: {
    connected: "{app} is gekoppeld",
    close: "U kunt dit venster sluiten.",
    goOn: "Ga verder waar u vandaan kwam.",
    back: "Terug naar {host}",
    failed: "{app} is niet gekoppeld",
    denied: "De toegang tot {app} is niet toegestaan. Koppel opnieuw en sta het daar toe.",
    other: "Dit hoort bij een ander account van {app}. Koppel het vorige, of voeg dit toe als nieuw account.",
    says: "{app} zegt: ‘{said}’.",
    later: "{app} antwoordt nu niet. Probeer het later opnieuw.",
    again: "Probeer het opnieuw; blijft het zo, meld dit dan bij wie deze integratie aanbiedt.",
    over: "Deze aanmelding kan niet verdergaan",
    overText:
      "Ze is voorbij, is in een andere browser begonnen of is niet hier begonnen. Sluit dit venster en koppel opnieuw vanaf de pagina waar u vandaan kwam.",
    setup: "Instellen",
    reconnect: "Opnieuw koppelen",
  },
  pl: {
    connected: "Połączono {app}",
    close: "Możesz zamknąć to okno.",
    goOn: "Kontynuuj tam, skąd tu trafiasz.",
    back: "Wróć do {host}",
    failed: "Nie połączono {app}",
    denied: "Nie zezwolono na dostęp do {app}. Połącz ponownie i zezwól na niego tam.",
    other: "To należy do innego konta {app}. Połącz poprzednie albo dodaj to jako nowe konto.",
    says: "{app} odpowiada: „{said}”.",
    later: "{app} teraz nie odpowiada. Spróbuj później.",
    again: "Spróbuj ponownie; jeśli to się powtarza, zgłoś to temu, kto oferuje tę integrację.",
    over: "Nie można kontynuować tego logowania",
    overText:
      "Zostało zakończone, rozpoczęto je w innej przeglądarce albo nie tutaj. Zamknij to okno i połącz ponownie na stronie, z której tu trafiasz.",
    setup: "Konfiguracja",
    reconnect: "Połącz ponownie",
  },
  "pt-BR": {
    connected: "{app} está conectado",
    close: "Você pode fechar esta janela.",
    goOn: "Continue de onde você veio.",
    back: "Voltar para {host}",
    failed: "{app} não foi conectado",
    denied: "O acesso a {app} não foi permitido. Conecte de novo e permita-o lá.",
    other: "Isto pertence a outra conta de {app}. Conecte a anterior ou adicione esta como conta nova.",
    says: "{app} diz: “{said}”.",
    later: "{app} não responde no momento. Tente mais tarde.",
    again: "Tente de novo; se continuar, avise quem oferece esta integração.",
    over: "Este login não pode continuar",
    overText:
      "Ele terminou, foi iniciado em outro navegador ou não foi iniciado aqui. Feche esta janela e conecte de novo pela página de onde você veio.",
    setup: "Configuração",
    reconnect: "Reconectar",
  },
  "zh-CN": {
    connected: "{app} 已连接",
    close: "您可以关闭此窗口。",
    goOn: "请从原来的页面继续。",
    back: "返回 {host}",
    failed: "未能连接 {app}",
    denied: "未允许访问 {app}。请重新连接并在那里允许访问。",
    other: "这属于 {app} 的另一个账户。请连接之前的账户，或将其添加为新账户。",
    says: "{app} 提示：“{said}”。",
    later: "{app} 目前没有响应。请稍后再试。",
    again: "请重试；如果仍然如此，请告知提供此集成的人。",
    over: "此登录无法继续",
    overText: "它已结束、是在其他浏览器中开始的，或不是在这里开始的。请关闭此窗口，并从原来的页面重新连接。",
    setup: "设置",
    reconnect: "重新连接",
  },
};

/** The first language of `Accept-Language` that there are words in. */
export function pageLocale(accepted = ""): string | undefined {
  const choices = accepted.split(",").map((choice) => {
    const [tag = "", ...params] = choice.split(";").map((part) => part.trim());
    const quality = params.find((param) => param.startsWith("q="))?.slice(2);
    return { name: localeOf(tag), quality: Number(quality ?? 1) };
  });
  return choices.filter(({ name, quality }) => name && isSpoken(name) && quality > 0).sort((a, b) => b.quality - a.quality)[0]?.name;
}

const isSpoken = (name: string) => Object.hasOwn(PAGE_WORDS, name);

export interface PageLanguage {
  lang: string;
  dir: "ltr" | "rtl";
  /** The words for `key`, with `params` in their places. */
  say: (key: keyof PageWords, params?: Record<string, string>) => string;
}

/** What a page speaks: `wanted`, where it is one of {@link PAGE_WORDS}, else what `Accept-Language` asks for, else English. */
export function pageLanguage(wanted: string | undefined, accepted: string | undefined): PageLanguage {
  const lang = (wanted && isSpoken(wanted) ? wanted : pageLocale(accepted)) ?? "en";
  const dir = lang === "ar" || lang === "he" ? "rtl" : "ltr";
  const isolate = (text: string) => (dir === "rtl" ? `\u2068${text}\u2069` : text);
  const say = (key: keyof PageWords, params: Record<string, string> = {}) =>
    (PAGE_WORDS[lang]?.[key] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => isolate(params[name] ?? ""));
  return { lang, dir, say };
}
