// What the screens use of JsSIP: a user agent and its websocket. Loaded as window.JsSIP.
export { UA, WebSocketInterface, version } from "jssip";
