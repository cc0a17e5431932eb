// Sets light or dark before the first paint, so that the page never flashes. A file of its own because inline scripts are refused.
(() => {
  let choice = "auto";
  try {
    choice = localStorage.getItem("healthsync.scheme") || "auto";
  } catch {}
  const dark = choice === "dark" || (choice === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();
