// What of Office.js the task pane and the generated functions ask for, and the Excel side of a call.
(() => {
  const supported = { customfunctionsruntime: 1.4, sharedruntime: 1.1, excelapi: 1.17, dialogapi: 1.2, ribbonapi: 1.1, openbrowserwindowapi: 1.1 };
  const associated = (globalThis.associated = {});
  const ribbon = (globalThis.ribbon = {});
  const anything = (own) =>
    new Proxy(own, {
      get: (target, key) => {
        if (key in target) return target[key];
        return key === "then" ? undefined : anything(() => anything({}));
      },
      apply: () => anything({}),
    });
  const info = { host: "Excel", platform: "PC" };
  globalThis.Office = {
    HostType: { Excel: "Excel" },
    PlatformType: { PC: "PC" },
    onReady: (then) => (then && Promise.resolve(info).then(then), Promise.resolve(info)),
    context: {
      requirements: { isSetSupported: (name, least) => supported[name.toLowerCase()] >= parseFloat(least || "1") },
      diagnostics: { version: "16.0", platform: "PC", host: "Excel" },
      document: {},
      ui: { openBrowserWindow: (address) => (globalThis.opened = address) },
    },
    actions: { associate: (name, action) => (ribbon[name] = action) },
    addin: { showAsTaskpane: async () => (globalThis.paneOpened = true), hide() {} },
  };
  globalThis.CustomFunctions = {
    associate: (id, call) => (associated[id] = call),
    ErrorCode: { invalidValue: "#VALUE!", notAvailable: "#N/A", divisionByZero: "#DIV/0!", invalidNumber: "#NUM!" },
    Error: class extends Error {
      constructor(code, message) {
        super(message);
        this.code = code;
      }
    },
  };
  // the open workbook: what a test puts into globalThis.sheets stands in its cells
  globalThis.sheets = { Sheet1: {} };
  const range = (name, address) =>
    anything({
      load() {},
      get values() {
        if (!(address in (globalThis.sheets[name] ?? {}))) throw new Error("ItemNotFound");
        return globalThis.sheets[name][address];
      },
    });
  const sheet = (name) => anything({ getRange: (address) => range(name, address) });
  class Context {
    workbook = anything({
      name: "Book1.xlsx",
      worksheets: anything({ getActiveWorksheet: () => sheet("Sheet1"), getItem: sheet }),
      getSelectedRange: () => ({ getCell: () => ({ set formulas(value) { globalThis.inserted = value; } }) }),
    });
    application = anything({
      cultureInfo: anything({ name: "en-US", datetimeFormat: anything({ shortDatePattern: "m/d/yyyy" }) }),
    });
    async sync() {}
  }
  globalThis.Excel = {
    run: async (work) => work(new Context()),
    RequestContext: Context,
    CustomFunctionManager: { newObject: () => ({ register() {} }), register: async () => {} },
  };

  // Call as Excel does: by the metadata, every argument a matrix but words, what is left out null, an invocation object last.
  const isError = (value) => value?.type === "Error";
  const asText = (value) => String(typeof value === "object" ? value.basicValue : value);
  let described;
  globalThis.excelCall = async (name, given) => {
    described ??= await (await fetch("/xlwings/custom-functions-meta.json")).json();
    const { id, parameters } = described.functions.find((f) => f.name === name);
    const first = (value) => (Array.isArray(value) ? value[0][0] : value);
    const wrong = (parameters || []).findIndex(({ type }, i) => type === "string" && isError(first(given[i])));
    if (wrong >= 0) return [[given[wrong][0][0].basicValue]];
    const cells = (parameters || []).map(({ type }, i) => {
      const value = given[i];
      if (value === undefined || value === null) return null;
      if (type === "string") return asText(first(value));
      return Array.isArray(value) ? value : [[value]];
    });
    const invocation = { address: "Sheet1!A1", functionName: id, setResult() {} };
    try {
      return await associated[id](...cells, invocation);
    } catch (error) {
      return { error: error.code, message: error.message };
    }
  };
})();
