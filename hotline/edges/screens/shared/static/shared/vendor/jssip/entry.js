// What the screens use of JsSIP: a user agent, its websocket, its words. Loaded as window.JsSIP.
export { C, UA, WebSocketInterface, version } from "jssip";
