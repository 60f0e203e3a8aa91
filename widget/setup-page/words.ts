// What the page itself says, around the form: in each of the widget's languages. The form brings its own words.
import { findLocale, type LocaleName } from "../i18n/locales.ts";

export interface Words {
  over: string;
  overText: string;
  used: string;
  usedText: string;
  broken: string;
  brokenText: string;
  /** `{author}`: who made the link. */
  begun: string;
  /** `{author}` asks to connect the account of `{app}` anew. */
  asked: string;
  renewed: string;
  renewedText: string;
}

export const WORDS: Readonly<Record<LocaleName | "en", Words>> = {
  en: {
    over: "This link no longer works",
    overText: "It was withdrawn, replaced by another, or is older than a week. Ask whoever sent it for a new one.",
    used: "This is set up",
    usedText: "There is nothing more to do here. You can close this page.",
    broken: "This cannot be shown now",
    brokenText: "The server cannot be reached. Check that you are online, then load the page again.",
    begun: "{author} has begun this for you. Fill in what is missing, and it runs.",
    asked: "{author} asks you to connect {app} again. What waits for it then goes on by itself.",
    renewed: "{app} is connected again",
    renewedText: "What waited for it goes on by itself. You can close this page.",
  },
  ar: {
    over: "لم يعد هذا الرابط صالحًا",
    overText: "تم سحبه أو استبداله بآخر، أو مضى عليه أكثر من أسبوع. اطلب رابطًا جديدًا ممّن أرسله إليك.",
    used: "تم الإعداد",
    usedText: "لا شيء آخر يلزم فعله هنا. يمكنك إغلاق هذه الصفحة.",
    broken: "لا يمكن عرض هذا الآن",
    brokenText: "تعذّر الوصول إلى الخادم. تحقق من اتصالك بالإنترنت، ثم أعد تحميل الصفحة.",
    begun: "بدأ {author} هذا من أجلك. أكمل ما ينقص ليبدأ العمل.",
    asked: "يطلب منك {author} إعادة ربط {app}. بعد ذلك يتابع ما كان ينتظره تلقائيًا.",
    renewed: "تمت إعادة ربط {app}",
    renewedText: "يتابع ما كان ينتظره تلقائيًا. يمكنك إغلاق هذه الصفحة.",
  },
  de: {
    over: "Dieser Link gilt nicht mehr",
    overText: "Er wurde zurückgezogen, durch einen anderen ersetzt oder ist älter als eine Woche. Bitten Sie den Absender um einen neuen.",
    used: "Alles ist eingerichtet",
    usedText: "Hier ist nichts mehr zu tun. Sie können diese Seite schließen.",
    broken: "Das lässt sich gerade nicht anzeigen",
    brokenText: "Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und laden Sie die Seite dann neu.",
    begun: "{author} hat das für Sie begonnen. Ergänzen Sie, was fehlt, dann läuft es.",
    asked: "{author} bittet Sie, {app} neu zu verbinden. Was darauf wartet, läuft danach von selbst weiter.",
    renewed: "{app} ist wieder verbunden",
    renewedText: "Was darauf gewartet hat, läuft von selbst weiter. Sie können diese Seite schließen.",
  },
  es: {
    over: "Este enlace ya no funciona",
    overText: "Se retiró, se sustituyó por otro o tiene más de una semana. Pida uno nuevo a quien se lo envió.",
    used: "Ya está configurado",
    usedText: "Aquí no queda nada por hacer. Puede cerrar esta página.",
    broken: "Esto no se puede mostrar ahora",
    brokenText: "No se puede conectar con el servidor. Compruebe su conexión y vuelva a cargar la página.",
    begun: "{author} lo ha empezado por usted. Complete lo que falta y se pondrá en marcha.",
    asked: "{author} le pide que vuelva a conectar {app}. Lo que está a la espera continuará después por sí solo.",
    renewed: "{app} vuelve a estar conectado",
    renewedText: "Lo que estaba a la espera continúa por sí solo. Puede cerrar esta página.",
  },
  fr: {
    over: "Ce lien ne fonctionne plus",
    overText:
      "Il a été retiré, remplacé par un autre, ou date de plus d’une semaine. Demandez-en un nouveau à la personne qui vous l’a envoyé.",
    used: "La configuration est terminée",
    usedText: "Il n’y a plus rien à faire ici. Vous pouvez fermer cette page.",
    broken: "Impossible d’afficher cette page pour le moment",
    brokenText: "Le serveur est injoignable. Vérifiez votre connexion, puis rechargez la page.",
    begun: "{author} a commencé pour vous. Complétez ce qui manque et l’intégration démarrera.",
    asked: "{author} vous demande de reconnecter {app}. Ce qui est en attente reprendra ensuite tout seul.",
    renewed: "{app} est de nouveau connecté",
    renewedText: "Ce qui était en attente reprend tout seul. Vous pouvez fermer cette page.",
  },
  he: {
    over: "הקישור הזה כבר לא פעיל",
    overText: "הוא בוטל, הוחלף באחר, או שעבר יותר משבוע. בקשו קישור חדש ממי ששלח אותו.",
    used: "ההגדרה הושלמה",
    usedText: "אין כאן עוד מה לעשות. אפשר לסגור את הדף.",
    broken: "לא ניתן להציג זאת כרגע",
    brokenText: "אין גישה לשרת. בדקו שאתם מחוברים לאינטרנט וטענו את הדף מחדש.",
    begun: "ההגדרה נפתחה עבורכם על ידי {author}. השלימו את מה שחסר והיא תתחיל לפעול.",
    asked: "התבקשתם על ידי {author} לחבר מחדש את {app}. מה שממתין לו ימשיך אחר כך מעצמו.",
    renewed: "{app} מחובר שוב",
    renewedText: "מה שחיכה לו ממשיך מעצמו. אפשר לסגור את הדף.",
  },
  it: {
    over: "Questo link non è più valido",
    overText: "È stato ritirato, sostituito da un altro o ha più di una settimana. Ne chieda uno nuovo a chi lo ha inviato.",
    used: "La configurazione è completa",
    usedText: "Qui non c’è altro da fare. Può chiudere questa pagina.",
    broken: "Al momento non è possibile mostrare la pagina",
    brokenText: "Il server non è raggiungibile. Controlli la connessione e ricarichi la pagina.",
    begun: "{author} ha iniziato per lei. Completi ciò che manca e l’integrazione si avvia.",
    asked: "{author} le chiede di ricollegare {app}. Ciò che è in attesa riprenderà poi da solo.",
    renewed: "{app} è di nuovo collegato",
    renewedText: "Ciò che era in attesa riprende da solo. Può chiudere questa pagina.",
  },
  ja: {
    over: "このリンクは無効になりました",
    overText: "取り消されたか、別のリンクに置き換えられたか、1 週間以上経過しています。送信者に新しいリンクを依頼してください。",
    used: "設定は完了しています",
    usedText: "ここで行うことはもうありません。このページを閉じてかまいません。",
    broken: "現在表示できません",
    brokenText: "サーバーに接続できません。オンラインであることを確認してから、ページを再読み込みしてください。",
    begun: "{author} さんが設定を始めました。不足している項目を入力すると動き始めます。",
    asked: "{author} さんが {app} の再接続を依頼しています。再接続すると、待機中の処理は自動的に再開します。",
    renewed: "{app} を再接続しました",
    renewedText: "待機していた処理は自動的に再開します。このページを閉じてかまいません。",
  },
  nl: {
    over: "Deze link werkt niet meer",
    overText: "Hij is ingetrokken, vervangen door een andere of ouder dan een week. Vraag de afzender om een nieuwe.",
    used: "Alles is ingesteld",
    usedText: "Hier hoeft u niets meer te doen. U kunt deze pagina sluiten.",
    broken: "Dit kan nu niet worden getoond",
    brokenText: "De server is niet bereikbaar. Controleer uw verbinding en laad de pagina opnieuw.",
    begun: "{author} is hier voor u mee begonnen. Vul in wat nog ontbreekt, dan gaat het werken.",
    asked: "{author} vraagt u om {app} opnieuw te koppelen. Wat daarop wacht, gaat daarna vanzelf verder.",
    renewed: "{app} is weer gekoppeld",
    renewedText: "Wat daarop wachtte, gaat vanzelf verder. U kunt deze pagina sluiten.",
  },
  pl: {
    over: "Ten link już nie działa",
    overText: "Został wycofany, zastąpiony innym albo ma ponad tydzień. Poproś nadawcę o nowy.",
    used: "Konfiguracja jest gotowa",
    usedText: "Nie trzeba tu już nic robić. Możesz zamknąć tę stronę.",
    broken: "Nie można tego teraz wyświetlić",
    brokenText: "Serwer jest nieosiągalny. Sprawdź połączenie, a potem wczytaj stronę ponownie.",
    begun: "Konfigurację rozpoczął(-ęła) dla Ciebie {author}. Uzupełnij to, czego brakuje, a integracja zacznie działać.",
    asked: "{author} prosi o ponowne połączenie {app}. To, co na nie czeka, ruszy potem samo.",
    renewed: "Połączono ponownie z {app}",
    renewedText: "To, co na nie czekało, ruszy samo. Możesz zamknąć tę stronę.",
  },
  "pt-BR": {
    over: "Este link não funciona mais",
    overText: "Ele foi cancelado, substituído por outro ou tem mais de uma semana. Peça um novo a quem o enviou.",
    used: "Está tudo configurado",
    usedText: "Não há mais nada a fazer aqui. Você pode fechar esta página.",
    broken: "Não é possível mostrar isto agora",
    brokenText: "O servidor não está acessível. Verifique sua conexão e recarregue a página.",
    begun: "{author} começou isto para você. Preencha o que falta e a integração entra em funcionamento.",
    asked: "{author} pede que você reconecte {app}. O que está esperando continua depois por conta própria.",
    renewed: "{app} está conectado novamente",
    renewedText: "O que estava esperando continua por conta própria. Você pode fechar esta página.",
  },
  "zh-CN": {
    over: "此链接已失效",
    overText: "它已被撤回、被新链接取代，或已超过一周。请向发送者索取新的链接。",
    used: "已设置完成",
    usedText: "这里没有其他需要做的事。您可以关闭此页面。",
    broken: "目前无法显示",
    brokenText: "无法连接服务器。请检查网络连接，然后重新加载页面。",
    begun: "{author} 已为您开始设置。填好缺少的内容，即可运行。",
    asked: "{author} 请您重新连接 {app}。之后等待中的任务会自动继续。",
    renewed: "已重新连接 {app}",
    renewedText: "等待中的任务会自动继续。您可以关闭此页面。",
  },
};

/** The words of the first of `languages` that there are words in, with its `tag` as it is asked for; English where there are none. */
export function wordsFor(languages: readonly string[]): { lang: string; tag: string; dir: "ltr" | "rtl"; words: Words } {
  for (const tag of languages) {
    const name = /^en\b/i.test(tag) ? "en" : findLocale(tag);
    if (name) return { lang: name, tag, dir: name === "ar" || name === "he" ? "rtl" : "ltr", words: WORDS[name] };
  }
  return { lang: "en", tag: "en", dir: "ltr", words: WORDS.en };
}
