// What goes along with each call. The shared token of the provider "custom" is typed into the task pane once.
globalThis.getAuth = async function () {
  const provider = config.authProviders.find((p) => ["entraid", "custom"].includes(p)) ?? "";
  const token = { entraid: () => xlwings.getAccessToken(), custom: () => localStorage.getItem("xl-aicost-token") ?? "" };
  return { token: provider ? await token[provider]() : "", provider };
};
