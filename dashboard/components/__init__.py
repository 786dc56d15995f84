"""What Altair cannot do: st.components.v2 components, drawn and stepped through in the browser."""
