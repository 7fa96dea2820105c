// What of Office.js the task pane and the generated functions ask for, and the Excel side of a call.
(() => {
  const supported = { customfunctionsruntime: 1.4, sharedruntime: 1.1, excelapi: 1.17, dialogapi: 1.2, ribbonapi: 1.1 };
  const associated = (globalThis.associated = {});
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
      ui: {},
    },
    actions: { associate() {} },
    addin: { showAsTaskpane() {}, hide() {} },
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
  class Context {
    workbook = anything({
      name: "Book1.xlsx",
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

  // Call as Excel does: by the metadata, every argument a matrix, what is left out null, an invocation object last.
  let described;
  globalThis.excelCall = async (name, given) => {
    described ??= await (await fetch("/xlwings/custom-functions-meta.json")).json();
    const { id, parameters } = described.functions.find((f) => f.name === name);
    const cells = (parameters || []).map((_, i) => {
      const value = given[i];
      if (value === undefined || value === null) return null;
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
