// It knows a dark theme, but waits to be told of it.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// Who is logged in by the cookie proves with every request that it comes from this site. The other cookie that says
// how is read each time: in another tab somebody may log in anew.
const prove = (request) => {
  const begin = `${document.getElementById("reference").dataset.csrfCookie}=`;
  const cookie = document.cookie.split("; ").find((one) => one.startsWith(begin));
  if (cookie && new URL(request.url, location).origin === location.origin)
    request.headers["X-CSRF-TOKEN"] = cookie.slice(begin.length);
  return request;
};

// Swagger UI without its stand-alone frame, and without asking anybody else about the document.
window.addEventListener("DOMContentLoaded", () => {
  SwaggerUIBundle({
    url: "/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: prove,
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    syntaxHighlight: { activated: false },
  });
});
