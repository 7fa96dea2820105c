// The buttons of the ribbon that the manifest names.
async function insertModel(event) {
  await Office.addin.showAsTaskpane();
  globalThis.showModel?.();
  event.completed();
}

function openHelp(event) {
  const address = new URL("static/functions.html", location.href).href;
  if (Office.context.requirements.isSetSupported("OpenBrowserWindowApi", "1.1")) Office.context.ui.openBrowserWindow(address);
  else window.open(address, "_blank", "noopener");
  event.completed();
}

Office.actions.associate("insert-model", insertModel);
Office.actions.associate("open-help", openHelp);
