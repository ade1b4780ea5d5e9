// The browser's telephone: the only file that knows JsSIP. One call at a time.
//
//   const phone = new Hotline.Phone({ws, host, extension, password, register, audio}, heard);
//   phone.start(); phone.answer(); phone.refuse(); phone.call("1022"); phone.key("2");
//   phone.mute(true); phone.hangUp(); phone.stop();
//
// `heard` is told: link(state) with "up", "down" or "refused"; ring(); calling(); up();
// over({by, cause}) where `by` is "us" or "them"; trouble(why) with "microphone" or "busy".
"use strict";

window.Hotline = window.Hotline || {};

Hotline.Phone = class {
  static AUDIO = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true }, video: false };
  static GATHER_MS = 600; // candidates of one's own network are there at once; nobody waits for more

  constructor({ ws, host, extension, password, register, audio }, heard) {
    this.heard = heard;
    this.audio = audio;
    this.host = host;
    this.session = null;
    const socket = new JsSIP.WebSocketInterface(ws);
    this.agent = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${extension}@${host}`,
      authorization_user: extension,
      password,
      register,
      register_expires: 120,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 8,
      user_agent: "hotline1022",
    });
    this.agent.on("newRTCSession", ({ session, originator }) => this.#take(session, originator));
    this.agent.on("disconnected", () => heard.link("down"));
    this.agent.on("registered", () => heard.link("up"));
    this.agent.on("unregistered", () => heard.link("down"));
    this.agent.on("registrationFailed", () => heard.link("refused"));
    if (!register) this.agent.on("connected", () => heard.link("up"));
  }

  get busy() {
    return this.session !== null;
  }

  get talking() {
    return this.session !== null && this.session.isEstablished();
  }

  get ringing() {
    return this.session !== null && this.session.direction === "incoming" && !this.session.isEstablished();
  }

  start() {
    this.agent.start();
  }

  stop() {
    this.agent.stop();
  }

  call(number) {
    if (this.busy) return;
    this.agent.call(`sip:${number}@${this.host}`, { mediaConstraints: this.constructor.AUDIO, pcConfig: { iceServers: [] } });
  }

  answer() {
    if (!this.ringing || this.answering) return;
    this.answering = true;
    this.session.answer({ mediaConstraints: this.constructor.AUDIO, pcConfig: { iceServers: [] } });
  }

  refuse() {
    if (this.ringing) this.session.terminate({ status_code: 486 });
  }

  hangUp() {
    if (this.session && !this.session.isEnded()) this.session.terminate();
  }

  mute(on) {
    if (!this.session) return;
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
  }

  get muted() {
    return Boolean(this.session?.isMuted().audio);
  }

  key(digit) {
    if (this.talking) this.session.sendDTMF(digit, { transportType: "RFC2833", duration: 160, interToneGap: 100 });
  }

  #take(session, originator) {
    if (this.busy) {
      session.terminate({ status_code: 486 });
      return;
    }
    this.session = session;
    this.answering = false;
    const heard = this.heard;
    const listen = (connection) =>
      connection.addEventListener("track", ({ track, streams }) => {
        this.audio.srcObject = streams[0] || new MediaStream([track]);
        this.audio.play().catch(() => {}); // the browser wants a click first: answering is one
      });
    if (session.connection) listen(session.connection);
    session.on("peerconnection", ({ peerconnection }) => listen(peerconnection));
    let gathering = 0;
    session.on("icecandidate", ({ ready }) => {
      gathering ||= setTimeout(ready, this.constructor.GATHER_MS);
    });
    session.on("confirmed", () => heard.up());
    const over = ({ originator: who, cause }) => {
      clearTimeout(gathering);
      if (this.session !== session) return;
      this.session = null;
      this.audio.srcObject = null;
      if (cause === JsSIP.C.causes.USER_DENIED_MEDIA_ACCESS) heard.trouble("microphone");
      heard.over({ by: who === "local" ? "us" : "them", cause });
    };
    session.on("ended", over);
    session.on("failed", over);
    if (originator === "remote") heard.ring();
    else heard.calling();
  }
};

// What a microphone check shows: the loudness, 0 to 1, about twenty times a second, until
// `stop()`. Rejects where the browser gives no microphone.
Hotline.microphone = async (show) => {
  const stream = await navigator.mediaDevices.getUserMedia(Hotline.Phone.AUDIO);
  const context = new AudioContext();
  const meter = context.createAnalyser();
  meter.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(meter);
  const samples = new Float32Array(meter.fftSize);
  const timer = setInterval(() => {
    meter.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, one) => sum + one * one, 0) / samples.length;
    show(Math.min(1, Math.sqrt(power) * 6));
  }, 50);
  return {
    stop() {
      clearInterval(timer);
      stream.getTracks().forEach((track) => track.stop());
      context.close();
    },
  };
};

// A ring that the operator hears until `stop()`: two tones, one second in three.
Hotline.ringer = () => {
  let context = null;
  let timer = 0;
  const once = () => {
    const from = context.currentTime;
    for (const hertz of [440, 480]) {
      const tone = context.createOscillator();
      const loud = context.createGain();
      tone.frequency.value = hertz;
      loud.gain.setValueAtTime(0, from);
      loud.gain.linearRampToValueAtTime(0.15, from + 0.05);
      loud.gain.setValueAtTime(0.15, from + 0.9);
      loud.gain.linearRampToValueAtTime(0, from + 1);
      tone.connect(loud).connect(context.destination);
      tone.start(from);
      tone.stop(from + 1);
    }
  };
  return {
    start() {
      if (timer) return;
      context ||= new AudioContext();
      context.resume();
      once();
      timer = setInterval(once, 3000);
    },
    stop() {
      clearInterval(timer);
      timer = 0;
    },
  };
};
