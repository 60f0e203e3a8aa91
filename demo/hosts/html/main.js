const element = document.querySelector("inlay-marketplace");
const news = document.querySelector("#news");

element.getToken = async () => {
  const answer = await fetch("http://localhost:8788/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user: "ada" }),
  });
  return (await answer.json()).token;
};

element.addEventListener("inlay-integration-created", ({ detail }) => {
  news.textContent = `${detail.name} is set up.`;
});
